#!/bin/sh
# Prints the path of Checkov for the scans of judged plans, from PyPI in a virtual environment of its own. `make scan`
# runs it.
#
#   scripts/checkov.sh          finds or installs, and prints the path
#   scripts/checkov.sh --find   only finds; exit code 69 if there is none
#
# It is outside the checkout, so that checkouts share it. Messages go to stderr.
# Exit codes: 1 the installation failed, 64 wrong use, 69 something is missing.
set -eu
# shellcheck disable=SC2034 # lib.sh reads it.
me=scan
# shellcheck source=scripts/lib.sh disable=SC1091
. "$(dirname -- "$0")/lib.sh"

# Pinned: each version has other checks, and docs/checkov.md answers for those of this one.
version=3.3.30
cache=$(shared_cache)
folder=$cache/checkov-$version
checkov=$folder/bin/checkov

case ${1-} in
'') ;;
--find)
  [ -e "$folder/.complete" ] || exit 69
  echo "$checkov"
  exit 0
  ;;
*) fail 64 "unknown option $1; the options are in the first lines of $0" ;;
esac

if [ -e "$folder/.complete" ]; then
  echo "$checkov"
  exit 0
fi
python=$(command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  fail 69 'Python 3 with venv is needed (Debian: apt install python3-venv). Install it, then run the same command again.'
fi

say "installing Checkov $version, once: one to three minutes, and 300 MB in $folder"
rm -rf "$folder"
mkdir -p "$cache"
if ! { "$python" -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "checkov==$version" >&2; }; then
  rm -rf "$folder"
  fail 1 'the installation failed: the reason is above. If it is the network, run the same command again when there is one.'
fi
touch "$folder/.complete"
echo "$checkov"
