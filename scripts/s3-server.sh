#!/bin/sh
# Obtains the S3 servers that tests and measurements use, once, into a cache outside the checkout:
#   scripts/s3-server.sh [versitygw] [moto]     both where none is named
# versitygw is built from its Go module (about a minute, needs go 1.24 or newer), moto is installed into a virtual
# environment of its own (needs python3). Nothing is started.
set -eu
# shellcheck disable=SC2034 # lib.sh reads it.
me=s3-server
# shellcheck source=scripts/lib.sh disable=SC1091
. "$(dirname -- "$0")/lib.sh"
VERSITYGW=v1.8.0
MOTO=5.2.5
cache=${XDG_CACHE_HOME:-$HOME/.cache}/aws-media/s3

missing() { fail 69 "$1 is missing; it is needed for $2. Install it, then run this again."; }

versitygw() {
  program=$cache/versitygw-$VERSITYGW/versitygw
  if [ -x "$program" ]; then
    say "versitygw $VERSITYGW is at $program"
    return
  fi
  command -v go >/dev/null || missing go versitygw
  say "building versitygw $VERSITYGW into $cache (once)"
  mkdir -p "$cache"
  building=$(mktemp -d "$cache/building.XXXXXX")
  trap 'rm -rf "$building"' EXIT
  GOBIN=$building GOFLAGS='' go install "github.com/versity/versitygw/cmd/versitygw@$VERSITYGW"
  mkdir -p "$cache/versitygw-$VERSITYGW"
  mv "$building/versitygw" "$program"
  say "versitygw $VERSITYGW is at $program"
}

moto() {
  environment=$cache/moto-$MOTO
  if [ -x "$environment/bin/moto_server" ] && [ -e "$environment/.complete" ]; then
    say "moto $MOTO is at $environment/bin/moto_server"
    return
  fi
  command -v python3 >/dev/null || missing python3 moto
  say "installing moto $MOTO into $environment (once)"
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "moto[server,s3]==$MOTO"
  touch "$environment/.complete"
  say "moto $MOTO is at $environment/bin/moto_server"
}

[ $# -gt 0 ] || set -- versitygw moto
for server; do
  case $server in
    versitygw | moto) "$server" ;;
    *) fail 64 "'$server' is no server; allowed: versitygw, moto" ;;
  esac
done
