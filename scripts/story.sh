# Sourced by ./start and ./test: tells what happens, one line a step, and keeps the rest in a log.
# shellcheck shell=bash

log_folder=${SIGNPOST_LOGS:-$(mktemp -d "${TMPDIR:-/tmp}/signpost-log.XXXXXX")}
began=$SECONDS

say() { printf '%s\n' "$*"; }
fail() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

# step "What it does" command...: runs it, shows that it goes on, and the log only if it fails.
step() {
  local what=$1 log status=0 from=$SECONDS
  shift
  log=$log_folder/$(printf '%s' "$what" | tr -cs 'A-Za-z0-9' '-').log
  if [ -t 1 ]; then
    "$@" >"$log" 2>&1 &
    local job=$!
    while kill -0 "$job" 2>/dev/null; do
      printf '\r\033[K  … %s  %ss%s' "$what" "$((SECONDS - from))" "$(compiled "$log")"
      sleep 0.2
    done
    wait "$job" || status=$?
    printf '\r\033[K'
  else
    # Without a terminal a long step still shows a sign of life each minute.
    "$@" >"$log" 2>&1 &
    local job=$! next=60
    while kill -0 "$job" 2>/dev/null; do
      sleep 0.2
      if [ $((SECONDS - from)) -ge $next ]; then
        printf '    … %s: %ss%s%s\n' "$what" "$((SECONDS - from))" "$(compiled "$log")" "$(tested "$log")"
        next=$((next + 60))
      fi
    done
    wait "$job" || status=$?
  fi
  if [ "$status" -ne 0 ]; then
    printf '  ✗ %s  (%ss)\n\n' "$what" "$((SECONDS - from))"
    tail -n "${SIGNPOST_LOG_LINES:-120}" "$log"
    printf '\nThe whole of it: %s\n' "$log"
    return "$status"
  fi
  printf '  ✓ %s  (%ss)\n' "$what" "$((SECONDS - from))"
}

# How many crates a build has compiled so far, if it is a build.
compiled() {
  local n
  n=$(grep -cE '^ +(Compiling|Checking) ' "$1" 2>/dev/null)
  [ "${n:-0}" -gt 0 ] && printf ', %s crates' "$n"
}

# How many tests have ended so far and where it is now, if these are tests: what hangs is then known by name.
tested() {
  local now
  now=$(sed -n 's/^ *Running \(unittests \)\{0,1\}\([^ ]*\) .*/\2/p' "$1" 2>/dev/null | tail -n 1)
  [ -n "$now" ] && printf ', %s tests ended, at %s' "$(grep -cE '\.\.\. (ok|FAILED|ignored)|^(ok|FAILED)$' "$1")" "$now"
}

# need_packages "why" name...: installs Debian packages that are missing.
need_packages() {
  local why=$1 name missing=()
  shift
  command -v dpkg-query >/dev/null || {
    say "  This is not Debian: please see to it that there is $* ($why)."
    return 0
  }
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "  Missing, $why: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "Please install them as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  apt_lists "${as_root[@]}" || fail "The list of packages could not be fetched. Is there a network?"
  step "Installing ${#missing[@]} packages" "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}" ||
    fail "The packages could not be installed. What apt said stands above."
}
apt_lists() {
  [ -n "${lists_fetched:-}" ] && return 0
  lists_fetched=yes
  step "Fetching the list of packages" "$@" apt-get update -qq
}

need_rust() {
  [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"
  command -v cargo >/dev/null || fail "Rust is not here. Install it from https://rustup.rs and run this again."
  local have
  have=$(cargo --version | awk '{print $2}')
  printf '1.95\n%s\n' "$have" | sort -V -C ||
    fail "Rust $have is here, and 1.95 or newer is needed. Run: rustup update stable"
}

# What was built once for all clones.
cache=${SIGNPOST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/signpost}

# need_tool NAME VERSION: a cargo tool of this very version, in the cache.
need_tool() {
  "$cache/tools/bin/$1" --version 2>/dev/null | grep -qF "$2" && return 0
  # It runs for seconds: built quickly is worth more than built to be quick.
  step "Building $1 $2" env CARGO_TARGET_DIR="$cache/$1" CARGO_PROFILE_RELEASE_LTO=off \
    CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_DEBUG=false \
    cargo install --locked --version "$2" --root "$cache/tools" "$1"
  rm -rf "${cache:?}/$1"
}
need_deny() { need_tool cargo-deny 0.20.2; }
need_cargo_deb() { need_tool cargo-deb 3.6.2; }
