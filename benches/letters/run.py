#!/usr/bin/env python3
"""Makes 300 letters with Signpost, WeasyPrint and Chromium, in turn, and prints what each cost.

    benches/letters/run.py --signpost PROGRAM [--weasyprint PYTHON] [--chromium PROGRAM] [--letters 300]
                           [--rounds 1] [--work DIR] [--keep]

Every tool makes one PDF for each family of the same list, from the words of the model school's invitation to the
consent evening. Signpost does it as an office does: it reads and checks the whole school first. Its files are
PDF/UA-1 and PDF/A-2a. The other two get the letters as HTML, filled in ahead and not counted, with the same fonts
and logo: WeasyPrint (in PYTHON's environment: `pip install weasyprint`) as one process for all letters, tagged as
PDF/UA-1; Chromium as one process for each, which is how `--print-to-pdf` works, tagged as it does by itself.

Processor time is that of the finished processes and of their children that were waited for; what Chromium does not
wait for is not counted, so its figure is the least that it can be. Ends with 1 where a limit is not reached.
"""
import argparse
import csv
import html
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
# How many times less processor time than the peer.
LIMITS = {"WeasyPrint": 10, "Chromium": 20}
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FORENAMES = "Amelia Noah Zoë Jakub Hodan Maya Archie Isla Zainab Oskar Priya Tom Ifrah Ruby Leo Ava".split()
SURNAMES = "Clarke Nowicki Hussain Osei-Bonsu Llewellyn Warsame Shaw Fox Roe Khan O’Hara Patel Grant Lowe Li".split()
CLASSES = "Acorn Conker Oak Willow Maple Elm".split()


def product(one, other):
    out = 0
    for bit in range(5):
        if other >> bit & 1:
            out ^= one
        one <<= 1
        if one & 32:
            one ^= 0b100101
    return out


def code(chance):
    """A family code as `records::family_code` has it."""
    values = [chance.randrange(32) for _ in range(11)]
    check, power = 0, 2
    for value in reversed(values):
        check, power = check ^ product(value, power), product(power, 2)
    text = "".join(SYMBOLS[value] for value in [*values, check])
    return " ".join(text[at:at + 4] for at in (0, 4, 8))


def families(count):
    chance = random.Random(20261128)
    for number in range(count):
        surname = chance.choice(SURNAMES)
        yield {
            "Forename": chance.choice(FORENAMES), "Surname": surname, "Class": chance.choice(CLASSES),
            "Addressee": f"Mx {chance.choice(FORENAMES)} {surname}", "Salutation": f"Mx {surname}",
            "Address 1": f"{number + 1} Beech Walk", "Town": "Exampleton", "Postcode": f"EX{number % 9 + 1} {number % 9 + 1}QD",
            "Code": code(chance),
        }


STYLE = """
@font-face {{ font-family: Reading; src: url("{fonts}/AtkinsonHyperlegibleNext-Regular.ttf"); }}
@font-face {{ font-family: Reading; font-weight: 700; src: url("{fonts}/AtkinsonHyperlegibleNext-Bold.ttf"); }}
@font-face {{ font-family: Display; font-weight: 700; src: url("{fonts}/Lexend-Bold.ttf"); }}
@page {{ size: A4; margin: 13mm 24mm 22mm; }}
body {{ margin: 0; font: 11pt/1.4 Reading; color: #1b2a2f; }}
.head {{ display: flex; justify-content: space-between; height: 44.5mm; font-size: 8.4pt; color: #51646b; }}
.school {{ display: flex; gap: 10pt; font: 700 13.75pt Display; color: #1b2a2f; }} .school img {{ height: 30pt; }}
.to {{ display: flex; justify-content: space-between; height: 43mm; }} .to p {{ margin: 0; line-height: 1.24; }}
h1 {{ font: 700 15.7pt Display; margin: 0 0 13pt; }} li {{ margin: 6pt 0; }}
.code {{ border: 1pt solid #1f5f4c; border-radius: 9pt; padding: 15pt; text-align: center; font: 700 30pt Display; letter-spacing: 3pt; word-spacing: 16pt; }}
.name {{ margin-top: 13mm; font-weight: 700; }}
"""


def page(family):
    said = {key: html.escape(value) for key, value in family.items()}
    style = STYLE.format(fonts=(ROOT / "themes/fonts").as_uri())
    return f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8">
<title>Your yes, your no: pictures of {said["Forename"]}</title><style>{style}</style></head><body>
<div class="head"><div class="school"><img src="{(ROOT / "themes/symbols/signpost.svg").as_uri()}" alt="">Larkfield Primary School</div>
<div>Larkfield Lane<br>Exampleton<br>EX1 2AB<br>01632 960100<br>office@larkfield.example</div></div>
<div class="to"><div><p>{said["Addressee"]}<p>{said["Address 1"]}<p>{said["Town"]}<p>{said["Postcode"]}</div><div>22 November 2026</div></div>
<h1>Your yes, your no: pictures of {said["Forename"]}</h1>
<p>Dear {said["Salutation"]},</p>
<p>we like to show what {said["Forename"]} and the others do here, and we ask you first. Please come and say yes or no
to each use: our website, printed things, films, newspapers.</p>
<p><b>Tuesday 29 September 2026, 3 pm to 6 pm, at the screen in the entrance.</b> It takes about five minutes for each
child. This is your family’s code. Bring it with you:</p>
<p class="code">{said["Code"]}</p>
<ul><li><b>It opens your family’s questions and no others.</b> Please keep it to yourselves. It ends with the term.</li>
<li><b>Nothing is ticked for you.</b> No answer counts as no, and no costs {said["Forename"]} nothing.</li>
<li><b>{said["Forename"]} may come too.</b> A child’s own no counts.</li>
<li><b>You can change your mind</b> on any day, as easily as you chose.</li></ul>
<p>Would you rather answer on paper, or have it read to you? Ring Mrs Kasia Nowak on 01632 960100.</p>
<p>With kind regards</p><p class="name">Mrs Ruth Adeyemi<br>Headteacher</p></body></html>
"""


WEASYPRINT = """
import pathlib, sys
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
fonts = FontConfiguration()
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.html")):
    HTML(file).write_pdf(pathlib.Path(sys.argv[2]) / (file.stem + ".pdf"), font_config=fonts, pdf_variant="pdf/ua-1")
"""


def run(commands):
    """Wall seconds, processor seconds and peak MiB of some processes, one after the other."""
    began, cpu, peak = time.perf_counter(), 0.0, 0.0
    with open(os.devnull, "wb") as nowhere, tempfile.TemporaryFile() as said:
        for command in commands:
            child = subprocess.Popen(command, stdout=nowhere, stderr=said, stdin=subprocess.DEVNULL)
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = status
            if status:
                said.seek(0)
                sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}: {said.read()[-800:].decode()}")
            cpu, peak = cpu + used.ru_utime + used.ru_stime, max(peak, used.ru_maxrss / 1024)
    return time.perf_counter() - began, cpu, peak


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--signpost", required=True, type=lambda text: pathlib.Path(text).resolve())
    asked.add_argument("--weasyprint", help="a Python that has WeasyPrint")
    asked.add_argument("--chromium", default=shutil.which("chromium"))
    asked.add_argument("--letters", type=int, default=300)
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--work", type=pathlib.Path)
    asked.add_argument("--keep", action="store_true", help="leave the PDFs, to be looked at")
    args = asked.parse_args()
    work = (args.work or pathlib.Path(tempfile.mkdtemp(prefix="signpost-letters-"))).resolve()
    for folder in ("html", "weasyprint", "chromium", "profile"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    with open(work / "families.csv", "w", encoding="utf-8", newline="") as file:
        rows = list(families(args.letters))
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
    for number, family in enumerate(rows):
        (work / "html" / f"{number:03}.html").write_text(page(family), encoding="utf-8")
    signpost = [args.signpost, "letters", "consent-evening", "--school", ROOT / "content", "--families",
                work / "families.csv", "--date", "2026-11-22", "--out"]
    tools = {
        "Signpost": ([[*signpost, work / "signpost"]], work / "signpost"),
        "Signpost, all in one file": ([[*signpost, work / "together", "--one-file"]], work / "together"),
    }
    if args.weasyprint:
        tools["WeasyPrint"] = ([[args.weasyprint, "-c", WEASYPRINT, work / "html", work / "weasyprint"]], work / "weasyprint")
    if args.chromium:
        chromium = [args.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
                    f"--user-data-dir={work / 'profile'}"]
        each = [[*chromium, f"--print-to-pdf={work / 'chromium' / file.stem}.pdf", file.as_uri()]
                for file in sorted((work / "html").glob("*.html"))]
        tools["Chromium"] = (each, work / "chromium")
    found = {name: [] for name in tools}
    for _ in range(args.rounds):
        for name, (commands, out) in tools.items():
            shutil.rmtree(out, ignore_errors=True)
            if name in LIMITS:
                out.mkdir()
            found[name].append(run(commands))
    print(f"{args.letters} letters, {args.rounds} round(s) in turn, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}\n")
    print("| tool | processor s | wall s | peak MiB | kB a letter |\n|---|---|---|---|---|")
    least = {}
    for name, (_, out) in tools.items():
        made = list(out.glob("*.pdf"))
        together = name.endswith("one file")
        if len(made) != (1 if together else args.letters):
            sys.exit(f"{name} made {len(made)} files")
        wall, cpu, peak = (sorted(one)[len(one) // 2] for one in zip(*found[name]))
        size = sum(file.stat().st_size for file in made) / args.letters / 1000
        least[name] = cpu
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {peak:.0f} | {size:.0f} |")
    print()
    missed = False
    for name, limit in LIMITS.items():
        if name in least:
            times = least[name] / least["Signpost"]
            missed |= times < limit
            print(f"{name} took {times:.1f} times the processor time of Signpost (limit {limit}): {'reached' if times >= limit else 'NOT REACHED'}")
    if not args.keep and not args.work:
        shutil.rmtree(work)
    else:
        print(f"everything is in {work}")
    sys.exit(missed)


if __name__ == "__main__":
    main()
