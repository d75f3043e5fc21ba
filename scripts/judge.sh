#!/bin/sh
# Prints what judges Terraform configurations offline: two lines, the runner (`terraform` on PATH, else OpenTofu) and
# the folder of the AWS provider. Both are built from source, once, with Go. `make judge` runs it.
#
#   scripts/judge.sh           finds or builds, and prints
#   scripts/judge.sh --find    only finds; exit code 69 if something is missing
#   scripts/judge.sh --can     neither prints nor builds; exit code 69 if something is missing that cannot be built
#
# The build is outside the checkout, so that checkouts share it. Messages go to stderr. It can run in the background:
#   nohup scripts/judge.sh >judge.log 2>&1 &
# Exit codes: 1 the build failed, 64 wrong use, 69 something is missing.
set -eu
# shellcheck disable=SC2034 # lib.sh reads it.
me=judge
# shellcheck source=scripts/lib.sh disable=SC1091
. "$(dirname -- "$0")/lib.sh"
CDPATH='' cd -- "$(dirname -- "$0")/../tools/judge"

# The newest that Go's module proxy serves as a module; the one inside @pulumi/aws 7.48.0 is newer (docs/judge.md).
provider_version=6.47.1
tofu_version=1.10.6
wanted_go=$(sed -n 's/^go //p' provider/go.mod)
cache=$(shared_cache)
provider=$cache/judge/aws-$provider_version
tofu=$cache/judge/tofu-$tofu_version/tofu

# Terraform 1.8 is the first that plans ephemeral and write-only arguments of this provider without complaint.
find_runner() {
  on_path=$(command -v terraform || true)
  if [ -n "$on_path" ]; then
    has=$(CHECKPOINT_DISABLE=1 "$on_path" version 2>/dev/null | sed -n '1s/^Terraform v\([0-9.]*\).*/\1/p')
    if [ -n "$has" ] && at_least "$has" 1.8.0; then
      echo "$on_path"
      return 0
    fi
  fi
  [ -x "$tofu" ] && echo "$tofu"
}

find_provider() { [ -x "$provider/terraform-provider-aws" ] && echo "$provider"; }

both() {
  runner=$(find_runner) || return 1
  found=$(find_provider) || return 1
  printf '%s\n%s\n' "$runner" "$found"
}

case ${1-} in
'') ;;
--find)
  both || exit 69
  exit 0
  ;;
--can)
  if both >/dev/null || has_go "$wanted_go"; then exit 0; fi
  exit 69
  ;;
*) fail 64 "unknown option $1; the options are in the first lines of $0" ;;
esac

if both; then exit 0; fi
has_go "$wanted_go" || fail 69 "to build the AWS provider $provider_version, Go $wanted_go or newer is needed (found ${go_version:-none}). Install it, then run the same command again."

mkdir -p "$cache/judge"
lock "$cache/judge/lock" || { if both; then exit 0; fi; }

# build <module folder> <package> <file>: aside first, then renamed, so that half a build is never found.
build() {
  folder=$(dirname "$3")
  began=$(date +%s)
  rm -rf "$folder.unfinished"
  mkdir -p "$folder.unfinished"
  (cd "$1" && GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly GOMAXPROCS=2 nice -n 10 go build -p 2 -trimpath \
    -buildvcs=false -ldflags '-w -s' -o "$folder.unfinished/$(basename "$3")" "$2") >&2 ||
    fail 1 'the build failed: the reason is above. If it is the network, run the same command again when there is one.'
  rm -rf "$folder"
  mv "$folder.unfinished" "$folder"
  say "built $(basename "$3") in $(($(date +%s) - began)) s"
}

if ! find_runner >/dev/null; then
  say "building OpenTofu $tofu_version, once: 3 minutes on two cores, 91 MB"
  build tofu github.com/opentofu/opentofu/cmd/tofu "$tofu"
fi
if ! find_provider >/dev/null; then
  say "building the Terraform AWS provider $provider_version from source with Go $go_version, once: 25 minutes on two cores,"
  say "3 GB of memory, a download of 1 GB. It takes 900 MB in $cache, and up to 12 GB in"
  say 'Go'"'"'s own caches, which "go clean -cache -modcache" gives back.'
  build provider github.com/hashicorp/terraform-provider-aws "$provider/terraform-provider-aws"
fi
both
