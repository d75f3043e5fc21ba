#!/bin/sh
# Makes a checkout ready: system packages, Node, npm dependencies, build. `make setup` runs it, and so does
# every target that needs it, so a run with nothing to do must be quick, quiet and without network.
#
# Messages go to stderr: stdout belongs to the command that the user asked for (`make up ARGS=--json`).
# Exit codes: 1 a step failed, 69 something is missing that this script may not install, 130 interrupted.
set -eu
CDPATH='' cd -- "$(dirname -- "$0")/.."
root=$(pwd -P)
log=.tools/setup.log
started=$(date +%s)
installed=''

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() {
  code=$1
  shift
  say "$@"
  exit "$code"
}
have() { command -v "$1" >/dev/null 2>&1; }
seconds_since() { echo $(($(date +%s) - $1)); }

stopped() { fail "$1" 'interrupted. Run the same command again: it goes on where this one stopped.'; }
trap 'stopped 130' INT
trap 'stopped 143' TERM HUP

# Runs a command with its output in the log, and shows both ends of that output if it fails.
logged() {
  what=$1
  shift
  printf '\n== %s: %s\n' "$(date -u +%FT%TZ)" "$*" >>"$log"
  before=$(wc -l <"$log")
  # In a subshell: a trap that ran within the redirection would put its message into the log.
  ("$@") >>"$log" 2>&1 || {
    code=$?
    case $code in 130 | 143) stopped "$code" ;; esac
    say "$what failed (exit code $code). Its output is at the end of $root/.tools/setup.log, and begins and ends:"
    tail -n "+$((before + 1))" "$log" | sed -n '1,12 { s/^/    /; p; }' >&2
    echo '    ...' >&2
    tail -n "+$((before + 1))" "$log" | sed 1,12d | tail -n 8 | sed 's/^/    /' >&2
    return 1
  }
}

for place in . .tools node_modules dist; do
  if [ -e "$place" ] && [ ! -w "$place" ]; then
    fail 69 "cannot write to $root/$place as user $(id -un). Run as its owner, or give it to yourself: chown -R $(id -un) '$root'"
  fi
done
mkdir -p .tools

# Two at once: the second waits, then finds everything done. The lock goes with the processes that hold it,
# npm included, so neither a kill nor a power cut leaves it behind.
if have flock; then
  [ -e .tools/setup.lock ] || : >>.tools/setup.lock
  exec 9<.tools/setup.lock
  if ! flock -n 9; then
    say "another set-up of this checkout is running; waiting for it to end"
    flock 9
  fi
fi

# --- What Debian's packages give: ffmpeg, Chromium, npm, a C compiler, libsrt ---------------------------

packages=''
reasons=''
need() {
  case " $packages " in *" $1 "*) ;; *)
    packages="${packages:+$packages }$1"
    reasons="$reasons
set-up:   $1: $2"
    ;;
  esac
}

if ! have ffmpeg || ! have ffprobe; then need ffmpeg 'decodes and encodes the channel'; fi
if ! have chromium && ! have chromium-browser && ! have google-chrome && ! have google-chrome-stable; then
  need chromium 'the browser in which the tests play the channel'
  need fonts-liberation 'a font for it to draw text with'
fi
if ! have npm; then need npm 'installs the dependencies that package-lock.json lists'; fi
headers=${SET_UP_HEADERS:-/usr/include} # The tests give another.
if ! have cc; then need gcc 'compiles the SRT front'; fi
if ! have make; then need make 'builds the SRT front'; fi
if [ ! -e "$headers/stdio.h" ]; then need libc6-dev "the C library's part of compiling it"; fi
if [ ! -e "$headers/srt/srt.h" ]; then need libsrt-gnutls-dev 'SRT, which brings contribution streams in'; fi
if [ ! -e "$headers/nettle/nist-keywrap.h" ]; then need nettle-dev 'tells which of two SRT passphrases a caller has'; fi
if [ -n "$packages" ] && [ ! -e /etc/ssl/certs/ca-certificates.crt ] && [ -e /etc/debian_version ]; then
  need ca-certificates 'lets npm check whom it downloads from'
fi

distribution=unknown
os_release=${SET_UP_OS_RELEASE:-/etc/os-release} # The tests give another.
# shellcheck source=/dev/null
if [ -r "$os_release" ]; then distribution=$(. "$os_release" && echo "${ID:-unknown}"); fi

# 9<&-: a service that a package starts must not hold our lock.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@" 9<&-
  else
    sudo -n env DEBIAN_FRONTEND=noninteractive "$@" 9<&-
  fi
}

# dpkg goes on by itself when apt-get is interrupted, so its lock may be held for a while.
repair_packages() {
  tries=0
  until said=$(as_root env LC_ALL=C dpkg --configure -a 2>&1); do
    echo "$said"
    tries=$((tries + 1))
    case $said in *lock*) [ "$tries" -lt 60 ] || return 1 ;; *) return 1 ;; esac
    sleep 5
  done
  echo "$said"
}

install_packages() {
  began=$(date +%s)
  say "installing from Debian's packages (needs network, a few minutes):$reasons"
  if [ -e .tools/packages.unfinished ]; then
    say 'an earlier installation of packages was interrupted: waiting for what is left of it, and repairing it'
    logged 'repairing the interrupted installation of packages' repair_packages || fail 1 \
      "could not repair it. As root: dpkg --configure -a, then run the same command again."
  fi
  touch .tools/packages.unfinished
  logged 'apt-get update' as_root apt-get -o DPkg::Lock::Timeout=300 update || say 'going on with the package lists that are here'
  # shellcheck disable=SC2086 # a list of words
  logged 'apt-get install' \
    as_root apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages || fail 1 \
    "could not install: $packages. The reason is above. Put it right (network? disk space? package sources?), then run the same command again."
  rm -f .tools/packages.unfinished
  say "installed $packages in $(seconds_since "$began") s"
  installed=yes
}

# An interrupted apt-get may leave commands that exist and do not work.
if [ -e .tools/packages.unfinished ]; then
  need ffmpeg 'its installation was interrupted'
  need chromium 'its installation was interrupted'
  need gcc 'its installation was interrupted'
  need libsrt-gnutls-dev 'its installation was interrupted'
fi
if [ -n "$packages" ]; then
  install_command="apt-get update && apt-get install -y --no-install-recommends $packages"
  if [ "$distribution" != debian ]; then
    say "these commands and libraries must be there, and are not (on Debian they would be installed from these packages):$reasons"
    say "This system is '$distribution', where package names differ, so nothing was installed."
    fail 69 'Install them with its own package manager (Chromium may also be Google Chrome), then run the same command again.'
  elif [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; then
    install_packages
  else
    say "missing, and only root may install it:$reasons"
    say 'Run this, then the same command again:'
    if have sudo; then
      printf "    sudo sh -c '%s'\n" "$install_command" >&2
    else
      printf "    su -c '%s'\n" "$install_command" >&2
    fi
    exit 69
  fi
  hash -r
fi

# --- Node 22 ---------------------------------------------------------------------------------------------

new_enough() {
  [ -x "$1" ] && "$1" -e 'var v = process.versions.node.split(".").map(Number); process.exit(v[0] > 22 || (v[0] === 22 && v[1] >= 12) ? 0 : 1)' 2>/dev/null
}

# --include: the user's own npm settings may leave out what the build needs. --engine-strict: the npm that
# installs may run on an older Node than the one that it installs for.
npm_ci() {
  npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --engine-strict=false \
    --include=dev --include=optional --loglevel=error
}

machine=$(uname -m)
case $machine in
x86_64) arch=x64 ;;
aarch64) arch=arm64 ;;
*) arch=$machine ;;
esac
package=node-linux-$arch
own_node=.tools/node_modules/$package/bin/node
wanted=$(sed -n "s/.*\"$package\": \"\\([0-9.]*\\)\".*/\\1/p" scripts/node/package.json)
system_node=$(command -v node || true)

install_node() {
  if [ "$(uname -s)" != Linux ] || [ -z "$wanted" ]; then
    fail 69 "needs Node 22.12 or newer; found ${system_node:-none}, and none can be installed for $(uname -s) on $machine. Install one, then run the same command again."
  fi
  began=$(date +%s)
  if [ -n "$system_node" ]; then
    say "installing Node $wanted for this checkout alone, into .tools: this needs 22.12 or newer, and $system_node is $("$system_node" --version 2>/dev/null || echo broken)"
  else
    say "installing Node $wanted for this checkout alone, into .tools: this needs 22.12 or newer, and there is none"
  fi
  # Aside first, then renamed: a half-downloaded Node is never the one that is found.
  rm -rf .tools/incoming
  mkdir -p .tools/incoming .tools/node_modules
  cp scripts/node/package.json scripts/node/package-lock.json .tools/incoming/
  (cd .tools/incoming && log=../setup.log && logged "npm, which fetches the package $package," npm_ci) || fail 1 \
    'could not install Node. If there is no network, run the same command again when there is.'
  incoming=.tools/incoming/node_modules/$package
  [ "$("$incoming/bin/node" --version 2>&1)" = "v$wanted" ] || fail 1 \
    "the Node of npm's package $package does not run on this system: $("$incoming/bin/node" --version 2>&1 | head -n 1). Install Node 22.12 or newer yourself, then run the same command again."
  rm -rf ".tools/node_modules/$package"
  mv "$incoming" ".tools/node_modules/$package"
  rm -rf .tools/incoming
  say "installed Node $wanted in $(seconds_since "$began") s"
  installed=yes
}

if [ -x "$own_node" ]; then
  [ "$("$own_node" --version 2>/dev/null)" = "v$wanted" ] || install_node
  node=$root/$own_node
elif new_enough "$system_node"; then
  node=$system_node
else
  install_node
  node=$root/$own_node
fi

# --- npm dependencies ------------------------------------------------------------------------------------

# The stamp is inside node_modules: whoever removes that folder removes the stamp. It goes before npm starts and
# comes back when npm has ended well, so an interrupted npm ci is done again.
stamp=node_modules/.set-up-for
state=$("$node" -p '[process.version, process.arch, require("crypto").createHash("sha256").update(require("fs").readFileSync("package-lock.json")).digest("hex")].join(" ")')
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$state" ] || [ ! -e node_modules/.package-lock.json ]; then
  began=$(date +%s)
  say 'installing npm dependencies as package-lock.json lists them, into node_modules (npm ci)'
  rm -f "$stamp"
  logged 'npm ci' npm_ci || fail 1 \
    'could not install the npm dependencies. If there is no network, run the same command again when there is.'
  printf '%s' "$state" >"$stamp"
  say "installed npm dependencies in $(seconds_since "$began") s"
  installed=yes
fi

# npx looks for a command in node_modules/.bin, and npm links there what dependencies bring, not what the
# checkout itself is.
if [ "$(readlink node_modules/.bin/aws-media || true)" != ../../bin/aws-media ]; then
  mkdir -p node_modules/.bin
  ln -sfn ../../bin/aws-media node_modules/.bin/aws-media
fi

# --- Build -----------------------------------------------------------------------------------------------

build() {
  "$node" node_modules/typescript/bin/tsc -b "$@" >&2 || fail 1 \
    'the TypeScript build failed: the errors are above. Put them right, then run the same command again.'
}
if [ ! -d dist ]; then say 'building into dist (tsc -b, the player page, then the SRT front)'; fi
build
# tsc looks at its own records, not at each output: someone may have removed some.
if [ ! -e dist/cli/main.js ]; then build --force; fi
"$node" scripts/build-player.mjs >&2 || fail 1 \
  'the bundle of the player page failed: the errors are above. Put them right, then run the same command again.'
# -u: what this script's caller told its own make is not for this one.
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make --silent --no-print-directory -C encoder/ingest/srt-front \
  srt-front srt-push >&2 || fail 1 \
  'the build of the SRT front failed: the errors are above. Put them right, then run the same command again.'

if [ -n "$installed" ]; then
  say "ready in $(seconds_since "$started") s"
else
  say "ready, nothing to install ($(seconds_since "$started") s)"
fi
