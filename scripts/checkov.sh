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

# Pinned: each version has other checks, and docs/checkov.md answers for those of this one.
version=3.3.30
cache=${XDG_CACHE_HOME:-${HOME:?is not set, and neither is XDG_CACHE_HOME}/.cache}/pulumi-aws-media
folder=$cache/checkov-$version
checkov=$folder/bin/checkov

say() { printf 'scan: %s\n' "$*" >&2; }

case ${1-} in
'') ;;
--find)
  [ -e "$folder/.complete" ] || exit 69
  echo "$checkov"
  exit 0
  ;;
*)
  say "unknown option $1; the options are in the first lines of $0"
  exit 64
  ;;
esac

if [ -e "$folder/.complete" ]; then
  echo "$checkov"
  exit 0
fi
python=$(command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  say 'Python 3 with venv is needed (Debian: apt install python3-venv). Install it, then run the same command again.'
  exit 69
fi

say "installing Checkov $version, once: one to three minutes, and 300 MB in $folder"
rm -rf "$folder"
mkdir -p "$cache"
if ! { "$python" -m venv "$folder" && "$folder/bin/pip" install --quiet --disable-pip-version-check "checkov==$version" >&2; }; then
  rm -rf "$folder"
  say 'the installation failed: the reason is above. If it is the network, run the same command again when there is one.'
  exit 1
fi
touch "$folder/.complete"
echo "$checkov"
