#!/usr/bin/env python3
"""Plays one child at a kiosk without a window, then waits until the hub has the signature.

round-trip.py KIOSK-PROGRAM DATA-FOLDER

It fetches what the hub has for the kiosk, presses what a child would press, by the words on the
buttons, for the first pupil who has not signed yet, and syncs. Ends with 0 only if the kiosk thanked
the child and the hub acknowledged the record.
"""
import json
import subprocess
import sys


class Kiosk:
    """The kiosk's own machine, driven by lines of JSON: each is answered with one line."""

    def __init__(self, program, data):
        command = [program, "headless", "--data", data]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.shown = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("the kiosk ended before its time")
        answer = json.loads(line)
        if not answer["ok"]:
            sys.exit(f"the kiosk says: {answer['why']}")
        # The quiet corner for staff and the speaker are on most screens; this child needs neither.
        answer["controls"] = [c for c in answer["controls"] if c not in ("For staff", "Read it to me")]
        return answer

    def do(self, command, **more):
        self.process.stdin.write(json.dumps({"do": command, **more}) + "\n")
        self.process.stdin.flush()
        self.shown = self.answer()
        return self.shown

    def press(self, label):
        return self.do("press", label=label)

    def expect(self, screen):
        if self.shown["screen"] != screen:
            sys.exit(f"expected the screen “{screen}”, and it shows “{self.shown['screen']}”")
        return self.shown["controls"]

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def somebody_left_to_sign(kiosk):
    """Opens classes until one has a pupil who has not signed; gives back the class and the name."""
    classes = kiosk.press(kiosk.expect("home")[0])["controls"][1:]
    for name in classes:
        controls = kiosk.press(name)["controls"]
        kiosk.expect("choose-name")
        # The first two lead away, and the last is “I can’t find my name”.
        left = [c for c in controls[2:-1] if c not in kiosk.shown.get("ticked", [])]
        if left:
            return name, left[0]
        kiosk.press(controls[0])
    sys.exit("everybody has signed; begin with a new data folder")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    kiosk = Kiosk(sys.argv[1], sys.argv[2])
    kiosk.do("sync")
    before = kiosk.do("status")["status"]["acknowledged"]
    class_name, pupil = somebody_left_to_sign(kiosk)
    kiosk.press(pupil)
    kiosk.press(kiosk.expect("hello")[-1])
    promises = []
    while kiosk.shown["screen"] == "statement":
        promises.append(kiosk.shown["words"])
        kiosk.press(kiosk.shown["controls"][-1])
    kiosk.expect("make-mark")
    kiosk.do("draw", strokes=[[[200, 700], [350, 250], [500, 700], [650, 250], [800, 700]]])
    kiosk.press(kiosk.expect("make-mark")[-1])
    if kiosk.shown["screen"] == "pictures":
        kiosk.press(kiosk.shown["controls"][-1])
    kiosk.expect("thank-you")
    kiosk.press(kiosk.shown["controls"][-1])
    kiosk.expect("home")
    # The kiosk syncs by itself too, so what counts is what the hub has acknowledged in the end.
    kiosk.do("sync")
    after = kiosk.do("status")["status"]
    kiosk.end()
    if after["acknowledged"] <= before or after["waiting"]:
        sys.exit(f"the hub acknowledged {after['acknowledged'] - before} records, and {after['waiting']} still wait")
    print(f"{pupil} of {class_name} class made {len(promises)} promises, and the hub has the signature")


main()
