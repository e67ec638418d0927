#!/usr/bin/env python3
"""Finds every sentence of a policy's source on its web page, and none on the page that is not in the source.

    every_sentence.py SOURCE.txt REPORT.json PAGE.html [--within TAG|.CLASS|#ID]

SOURCE.txt is the text that was imported, REPORT.json what `signpost import --format json` printed (only
its "dropped" is read: line and text of what was left out), PAGE.html the page made of it.

This script is written to doubt the importer. It shares no code and no method with it: it knows nothing
of paragraphs, lists or tables, only lines of the source and the visible text of the page.

Exit code 0: all is there. 1: something is missing, added or in another order. 2: wrong usage.
"""

import html.parser
import json
import re
import sys
import unicodedata

BLOCKS = {
    "p", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "table", "pre", "div",
    "section", "article", "main", "body", "blockquote", "br", "dl", "dt", "dd", "figure", "details", "summary",
    "label", "fieldset", "legend", "form",
}
# Parts of a page that are not the policy's own words.
ASIDE = {"nav", "header", "footer", "aside", "script", "style", "template", "noscript", "svg", "head", "button"}
VOID = {"br", "hr", "img", "input", "meta", "link", "wbr", "source", "area", "col", "embed"}
# After one lost sentence many may seem out of order: the first ones tell.
MOST_SHOWN = 30
BULLETS = "•●○◦∙·⁃‣▪▫■□☐❑❖◆◇➢➤►▶✓✔✗✘»"


def plain(text):
    """Text without what may differ between a source and a page: spaces, quotes, hyphens, marks."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co"))
    text = re.sub(r"[‘’‚‛`´]", "'", text)
    text = re.sub(r"[“”„‟]", '"', text)
    text = re.sub(r"(\w)[-‐‑]\s*\n\s*(\w)", r"\1\2", text)
    text = re.sub(r"[-‐‑‒–—―*]", "", text)
    text = re.sub(f"[{BULLETS}]", " ", text)
    text = re.sub(r"_{2,}|\.{4,}", " ", text)
    return re.sub(r"\s+", " ", text).strip()


class Page(html.parser.HTMLParser):
    """The visible text of one part of a page, a string for each block; and its first heading."""

    def __init__(self, within):
        super().__init__(convert_charrefs=True)
        self.within = within
        self.open = []
        self.blocks = [""]
        self.title = ""

    def chosen(self, tag, attributes):
        classes = (attributes.get("class") or "").split()
        return self.within in (tag, "#" + (attributes.get("id") or "")) or any(
            self.within == "." + name for name in classes
        )

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag in BLOCKS:
            self.blocks.append("")
        if tag in VOID:
            return
        inside = bool(self.open) and self.open[-1][1] or self.chosen(tag, attributes)
        classes = (attributes.get("class") or "").split()
        hidden = bool(self.open) and self.open[-1][2]
        hidden = hidden or tag in ASIDE or "hidden" in attributes or attributes.get("aria-hidden") == "true"
        hidden = hidden or "visually-hidden" in classes
        self.open.append((tag, inside, hidden))

    def handle_startendtag(self, tag, attributes):
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag):
        if tag in BLOCKS:
            self.blocks.append("")
        places = [place for place, entry in enumerate(self.open) if entry[0] == tag]
        if places:
            del self.open[places[-1]:]

    def handle_data(self, data):
        if any(entry[0] == "h1" for entry in self.open):
            self.title += data
            return
        if self.open and self.open[-1][1] and not self.open[-1][2]:
            if any(entry[0] == "pre" for entry in self.open):
                first, *others = data.split("\n")
                self.blocks[-1] += first
                self.blocks.extend(others)
            else:
                self.blocks[-1] += data


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def lines_of(text):
    return re.split(r"\r\n|\n|\r", text)


def without_dropped(lines, dropped, problems):
    """Takes out what the report says was left out. It has to be there, or the report is not true."""
    for entry in dropped:
        words = entry["text"].split()
        pattern = r"[\s\x00-\x1f\u00ad\u200b-\u200f\ufeff]*".join(map(re.escape, "".join(words)))
        line = lines[entry["line"] - 1] if 0 < entry["line"] <= len(lines) else ""
        line = unicodedata.normalize("NFC", line)
        found = re.search(pattern, line) or re.search(pattern, unicodedata.normalize("NFKC", line))
        if not found:
            problems.append(f"line {entry['line']}: said to be left out, but not there: {entry['text']}")
            continue
        lines[entry["line"] - 1] = found.string[: found.start()] + " \n " + found.string[found.end():]
    return lines


def unmarked(line):
    """A line of the source without the marks of links and list items."""
    line = re.sub(r"\[([^\]\[<]+)\]\([^()]*\)", r"\1", line)
    line = re.sub(r"<((?:https?://|mailto:)[^<>\s]+)>", r"\1", line)
    # Bold words that touch others have lost a space or a line end between them.
    line = line.replace("****", "** **")
    return re.sub(r":\*\*(?=\w)", ": **", line)


def fragments(lines):
    """The sentences of the source, cut at line ends as well: each piece with the number of its line."""
    for number, line in enumerate(lines, 1):
        for part in re.split(rf"[\t\n{BULLETS}]|_{{3,}}|\.{{4,}}|…{{2,}}|\s{{3,}}|[|]", unmarked(line)):
            part = re.sub(r"^\s*(?:[-‐‑–—*\uf000-\uf0ff]|o(?=\s))\s*", "", part)
            for sentence in re.split(r"(?<=[.!?:;])\s+", part):
                bare = plain(sentence)
                if re.search(r"\w", bare):
                    yield number, bare


def find_words(text, words, start):
    """Where the words stand in the text as whole words, from a place on; -1 if nowhere."""
    while True:
        at = text.find(words, start)
        if at < 0:
            return -1
        end = at + len(words)
        before_fits = at == 0 or not (text[at - 1].isalnum() and words[0].isalnum())
        after_fits = end == len(text) or not (text[end].isalnum() and words[-1].isalnum())
        if before_fits and after_fits:
            return at
        start = at + 1


def missing_from_page(lines, page_text, title):
    """Sentences of the source that the page does not have, or not in their order.

    The title stands over everything else, wherever the source had it: each part of it counts once.
    """
    at = 0
    last = max((number for number, _ in fragments(lines)), default=0)
    # A word cut by the end of a line is whole on the page: look for its line together with the next.
    for number, words in fragments(lines):
        if number < 60 and len(words) > 3 and find_words(title, words, 0) >= 0:
            title = title.replace(words, " ", 1)
            continue
        candidates = [words, re.sub(r"^[(]?\d{1,3}[.)]?\s+", "", words)]
        places = [(find_words(page_text, candidate, at), candidate) for candidate in candidates if candidate]
        places = [(place, candidate) for place, candidate in places if place >= 0]
        if places:
            place, candidate = min(places)
            at = place + len(candidate)
        elif re.fullmatch(r"[(]?\d{1,3}[.)]?", words):
            continue
        elif cut_word_is_there(page_text, words, at, number < last):
            continue
        else:
            elsewhere = find_words(page_text, words, 0) >= 0
            yield number, words, "in another order" if elsewhere else "missing"


def cut_word_is_there(page_text, words, at, more):
    """Whether all but the first and last word is there: those may be halves of words cut at line ends."""
    inner = words.split(" ")
    for head, tail in ((0, 1), (1, 0), (1, 1)):
        rest = " ".join(inner[head : len(inner) - tail])
        if more and len(inner) > head + tail and find_words(page_text, rest, at) >= 0:
            begins = head == 0 or page_text.find(inner[0] + " " + rest, at) >= 0
            ends = tail == 0 or page_text.find(rest + " " + inner[-1], at) >= 0
            if begins and ends:
                return True
    return False


def added_by_page(blocks, source_text):
    """Sentences of the page that the source does not have."""
    for block in blocks:
        for sentence in re.split(r"(?<=[.!?])\s+", block):
            words = plain(sentence)
            if re.search(r"\w", words) and find_words(source_text, words, 0) < 0:
                yield words


def main(arguments):
    within = None
    if "--within" in arguments:
        at = arguments.index("--within")
        within = arguments[at + 1] if at + 1 < len(arguments) else None
        arguments = arguments[:at] + arguments[at + 2 :]
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    source, report, page = arguments
    problems = []
    with open(report, encoding="utf-8") as file:
        dropped = json.load(file)["dropped"]
    lines = without_dropped(lines_of(read(source)), dropped, problems)
    page_source = read(page)
    for part in [within] if within else ["article", "main", "body"]:
        reader = Page(part)
        reader.feed(page_source)
        reader.close()
        if any(block.strip() for block in reader.blocks):
            break
    page_text = plain("\n".join(reader.blocks))
    title = plain(reader.title)
    if not page_text:
        problems.append("the page has no text")
    for number, words, why in missing_from_page(lines, page_text, title):
        problems.append(f"line {number}: {why}: {words}")
    # List marks between two parts of one sentence are not part of it.
    bare_lines = [re.sub(r"^\s*(?:[-‐‑–—*\uf000-\uf0ff]|o(?=\s))\s+", "", unmarked(line)) for line in lines]
    source_text = plain("\n".join(bare_lines))
    for words in added_by_page(reader.blocks, source_text):
        problems.append(f"only on the page: {words}")
    for problem in problems[:MOST_SHOWN]:
        print(problem)
    if len(problems) > MOST_SHOWN:
        print(f"and {len(problems) - MOST_SHOWN} more")
    count = sum(1 for _ in fragments(lines))
    print(f"{count} sentences of the source looked for, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
