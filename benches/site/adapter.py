#!/usr/bin/env python3
"""adapter.py NEUTRAL OUT: the benchmark corpus as a school's content, and a list of 420 made-up pupils.

NEUTRAL holds one Markdown file a page under NEUTRAL/<section>/<slug>.md, with YAML front matter of single
lines (title, review_date, summary) and links written [words](page:section/slug). Every page becomes a
policy: what a school's office has most of, and what is checked hardest.
"""
import datetime
import itertools
import pathlib
import re
import sys

SCHOOL = pathlib.Path(__file__).with_name("school.toml").read_text(encoding="utf-8")

FIRST = "Amara Ben Chloe Dev Ella Femi Grace Harun Isla Jack Kofi Leah Maya Noah Olive Priya Rosa Sami Tara Will".split()
LAST = ("Abbott Begum Carter Dhillon Evans Fraser Green Hussain Ibrahim Jones Khan Lewis Mensah Novak Osei Patel "
        "Quinn Rossi Singh Taylor Usman").split()
CLASSES = ["Acorn", "Conker", "Oak", "Willow", "Maple", "Elm"]


def front_matter(lines):
    """The few single-line keys of the neutral form."""
    return {key.strip(): value.strip().strip('"') for key, value in (line.split(":", 1) for line in lines)}


def page(text):
    """One page of the neutral form as a policy."""
    head, body = text.removeprefix("---\n").split("\n---\n", 1)
    said = front_matter(head.splitlines())
    due = datetime.date.fromisoformat(said["review_date"])
    # Every page in date, whatever day the corpus was made for.
    due = due.replace(year=due.year + 10, day=min(due.day, 28))
    body = re.sub(r"\]\(page:([a-z0-9-]+)/([a-z0-9-]+)", r"](\1-\2.md", body)
    quoted = lambda words: words.replace("\\", "\\\\").replace('"', '\\"')
    return f"""+++
title = "{quoted(said['title'])}"
summary = "{quoted(said['summary'])}"
owner = "head"
approved = 2025-09-15
approved_by = "the governing board"
review_due = {due}
version = "1.0"
+++
{body}"""


def write(neutral, out):
    """Writes the school; gives the number of pages."""
    policies = out / "policies"
    policies.mkdir(parents=True, exist_ok=True)
    (out / "school.toml").write_text(SCHOOL, encoding="utf-8")
    (out / "home.md").write_text('+++\ntitle = "Measured Primary School"\n+++\nEvery policy we have.\n', encoding="utf-8")
    files = sorted(neutral.glob("*/*.md"))
    for file in files:
        text = page(file.read_text(encoding="utf-8"))
        (policies / f"{file.parent.name}-{file.stem}.md").write_text(text, encoding="utf-8")
    return len(files)


def pupils(file):
    """420 pupils, as a school's management system exports them."""
    people = itertools.islice(itertools.product(LAST, FIRST), 420)
    rows = [f"{2000 + n:06},{last},{first},Year {n % 6 + 1},{CLASSES[n % 6]}" for n, (last, first) in enumerate(people)]
    file.write_text("Admission number,Legal surname,Preferred forename,Year group,Registration group\n" + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    neutral, out = map(pathlib.Path, sys.argv[1:3])
    print(f"{write(neutral, out)} pages in {out}")
    pupils(out.parent / "pupils.csv")
