#!/usr/bin/env python3
"""Finds every sentence of a .docx or .odt on its web page, and none on the page that is not in the document.

    every_sentence_of_a_document.py DOCUMENT REPORT.json PAGE.html [--within TAG|.CLASS|#ID]

REPORT.json is what `signpost import --format json` printed (only its "dropped" is read), PAGE.html the
page made of it.

This script is written to doubt the importer. It shares no code and no method with it: it unzips the
document with Python's own library and knows paragraphs only, in the order in which the file has them. It
knows nothing of styles, numbering, fields or lists. Paragraphs are compared as `every_sentence.py` compares
the lines of a text.

Exit code 0: all is there. 1: something is missing, added or in another order. 2: wrong usage.
"""

import json
import re
import sys
import zipfile
from xml.etree import ElementTree

import every_sentence as text

# What an item or a heading is numbered with. Documents count by themselves, so their text has no numbers.
LABEL = re.compile(r"^\s*\(?(?:\d+(?:\.\d+)*|[a-z]{1,2}(?=[.)])|[ivxlc]+(?=[.)]))[.):]*(?:\s+|$)", re.IGNORECASE)


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def attribute(element, name):
    return next((value for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), None)


def root(archive, name):
    return ElementTree.fromstring(archive.read(name)) if name in archive.namelist() else None


class Word:
    """Paragraphs of a .docx, then its notes in the order of their marks."""

    def __init__(self, archive):
        self.lines, self.notes = [], []
        self.archive = archive
        self.paragraphs(root(archive, "word/document.xml"))
        for part, number in self.notes:
            for note in root(archive, f"word/{part}.xml") if part else []:
                if attribute(note, "id") == number:
                    self.lines.extend(self.own(p, []) for p in note.iter() if local(p) == "p")
        names = [n for n in archive.namelist() if re.search(r"word/(header|footer)\d*\.xml$", n)]
        words = [[e.text or "" for e in root(archive, n).iter() if local(e) == "t"] for n in names]
        self.running = "\n".join("".join(part) for part in words)

    def paragraphs(self, parent):
        for element in parent:
            if local(element) == "p":
                boxes = []
                self.lines.append(self.own(element, boxes))
                for box in boxes:
                    self.paragraphs(box)
            elif local(element) == "AlternateContent":
                self.paragraphs(element[0])
            else:
                self.paragraphs(element)

    def own(self, element, boxes):
        words = ""
        for inner in element:
            name = local(inner)
            if name in ("t", "delText"):
                words += inner.text or ""
            elif name == "tab" and local(element) == "r":
                words += "\t"
            elif name in ("br", "cr"):
                words += " "
            elif name == "noBreakHyphen":
                words += "-"
            elif name in ("footnoteReference", "endnoteReference"):
                self.notes.append((name.replace("Reference", "s"), attribute(inner, "id")))
            elif name == "txbxContent":
                boxes.append(inner)
            elif name == "AlternateContent":
                words += self.own(inner[0], boxes)
            elif name not in ("instrText", "pPr", "rPr", "sdtPr"):
                words += self.own(inner, boxes)
        return words


class OpenDocument:
    """Paragraphs of an .odt, then its notes in the order of their marks."""

    def __init__(self, archive):
        self.lines, self.notes, self.deleted = [], [], {}
        body = next(e for e in root(archive, "content.xml").iter() if local(e) == "text" and e.tag.endswith("office:1.0}text"))
        for region in body.iter():
            if local(region) == "changed-region":
                words = [" ".join(p.itertext()) for p in region.iter() if local(p) in ("p", "h")]
                self.deleted[attribute(region, "id")] = " ".join(words)
        self.paragraphs(body)
        self.lines.extend(self.notes)
        pages = root(archive, "styles.xml")
        running = [e for e in pages.iter() if local(e).startswith(("header", "footer"))]
        self.running = "\n".join("".join(e.itertext()) for e in running)

    def paragraphs(self, parent):
        for element in parent:
            name = local(element)
            if name in ("p", "h"):
                boxes = []
                self.lines.append(re.sub(r"[ \n]+", " ", self.own(element, boxes)))
                for box in boxes:
                    self.paragraphs(box)
            elif name not in ("tracked-changes", "annotation", "forms") and not name.endswith("-source"):
                self.paragraphs(element)

    def own(self, element, boxes):
        words = element.text or ""
        for inner in element:
            name = local(inner)
            if name == "tab":
                words += "\t"
            elif name in ("s", "line-break"):
                words += " "
            elif name == "note":
                self.notes.extend("".join(p.itertext()) for p in inner.iter() if local(p) == "p")
            elif name == "change":
                words += self.deleted.get(attribute(inner, "change-id"), "")
            elif name in ("text-box", "custom-shape"):
                boxes.append(inner)
            elif name not in ("annotation", "title", "desc"):
                words += self.own(inner, boxes)
            words += inner.tail or ""
        return words


class Page(text.Page):
    """A page without the marks of its notes: a document counts these by itself too."""

    def handle_starttag(self, tag, attributes):
        super().handle_starttag(tag, attributes)
        if tag == "sup":
            self.open[-1] = (tag, self.open[-1][1], True)


def without_labels(block):
    """A piece of the page without the number that the document drew before it."""
    return LABEL.sub("", block.strip().lstrip("".join(text.BULLETS)).strip())


def added(blocks, source):
    for block in blocks:
        for sentence in re.split(r"(?<=[.!?])\s+", block):
            candidates = [text.plain(sentence), text.plain(without_labels(sentence))]
            if not any(not re.search(r"\w", c) or text.find_words(source, c, 0) >= 0 for c in candidates):
                # Several paragraphs of a cell follow each other, each with the number that it had.
                bare = text.plain(re.sub(rf"(?:[{text.BULLETS}]|\b\d+[.)]|\b[a-z][.)])\s", " ", sentence))
                if text.find_words(source, bare, 0) < 0:
                    yield candidates[0]


def main(arguments):
    within = None
    if "--within" in arguments:
        at = arguments.index("--within")
        within = arguments[at + 1] if at + 1 < len(arguments) else None
        arguments = arguments[:at] + arguments[at + 2 :]
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    document, report, page = arguments
    with zipfile.ZipFile(document) as archive:
        source = (OpenDocument if "content.xml" in archive.namelist() else Word)(archive)
    with open(report, encoding="utf-8") as file:
        dropped = [entry for entry in json.load(file)["dropped"] if not entry["thing"]]
    problems = []
    running = re.sub(r"\s", "", source.running)
    for entry in dropped:
        if entry["line"] == 0 and re.sub(r"\s", "", entry["text"]) not in running:
            problems.append(f"said to run through all pages, but does not: {entry['text']}")
    lines = [line.replace("\n", " ") for line in source.lines]
    lines = text.without_dropped(lines, [entry for entry in dropped if entry["line"] > 0], problems)

    page_source = text.read(page)
    for part in [within] if within else ["article", "main", "body"]:
        reader = Page(part)
        reader.feed(page_source)
        reader.close()
        if any(block.strip() for block in reader.blocks):
            break
    page_text, title = text.plain("\n".join(reader.blocks)), text.plain(reader.title)
    if not page_text:
        problems.append("the page has no text")
    for number, words, why in text.missing_from_page(lines, page_text, title):
        problems.append(f"paragraph {number}: {why}: {words}")
    # List marks that were typed before a sentence are not part of it.
    bare = [re.sub(r"^\s*(?:[-‐‑–—*\uf000-\uf0ff]|o(?=\s))\s+", "", line) for line in lines]
    problems.extend(f"only on the page: {words}" for words in added(reader.blocks, text.plain("\n".join(bare))))
    for problem in problems[: text.MOST_SHOWN]:
        print(problem)
    if len(problems) > text.MOST_SHOWN:
        print(f"and {len(problems) - text.MOST_SHOWN} more")
    count = sum(1 for _ in text.fragments(lines))
    print(f"{count} sentences of the document looked for, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
