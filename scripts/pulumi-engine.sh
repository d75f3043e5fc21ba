#!/bin/sh
# Prints the path of a Pulumi CLI for the tests of the real engine: `pulumi` on PATH if it is new enough, else
# one that is built from source, once, with Go. `make engine` runs it.
#
#   scripts/pulumi-engine.sh          finds or builds, and prints the path
#   scripts/pulumi-engine.sh --find   only finds; exit code 69 if there is none
#   scripts/pulumi-engine.sh --can    neither prints nor builds; exit code 69 if there is none and none can be built
#
# The build is outside the checkout, so that checkouts share it. Messages go to stderr.
# Exit codes: 1 the build failed, 64 wrong use, 69 something is missing.
set -eu
# shellcheck disable=SC2034 # lib.sh reads it.
me=engine
# shellcheck source=scripts/lib.sh disable=SC1091
. "$(dirname -- "$0")/lib.sh"
CDPATH='' cd -- "$(dirname -- "$0")/../tools/pulumi-cli"

# What the tests were written with; Go's module proxy did not serve that of the SDK, 3.270.0. Older ones on PATH are not tried.
version=3.259.0
wanted_go=$(sed -n 's/^go //p' go.mod)
cache=$(shared_cache)
build=$cache/pulumi-$version-$(cat go.mod go.sum | cksum | tr ' ' -)
built=$build/bin/pulumi

find_cli() {
  on_path=$(command -v pulumi || true)
  if [ -n "$on_path" ]; then
    has=$(PULUMI_SKIP_UPDATE_CHECK=true "$on_path" version 2>/dev/null | sed -n 's/^v\([0-9]*\.[0-9]*\.[0-9]*\).*/\1/p')
    case $has in
    3.*)
      if at_least "$has" "$version"; then
        echo "$on_path"
        return 0
      fi
      ;;
    esac
    on_path="$on_path (${has:-broken}, and 3.x from $version is needed)"
  fi
  [ -x "$built" ] && echo "$built"
}

case ${1-} in
'') ;;
--find)
  find_cli || exit 69
  exit 0
  ;;
--can)
  if find_cli >/dev/null || has_go "$wanted_go"; then exit 0; fi
  exit 69
  ;;
*) fail 64 "unknown option $1; the options are in the first lines of $0" ;;
esac

if find_cli; then exit 0; fi
has_go "$wanted_go" || fail 69 "no Pulumi CLI: ${on_path:-none is on PATH}, and to build $version Go $wanted_go or newer is needed (found ${go_version:-none}). Install either, then run the same command again."

mkdir -p "$cache"
lock "$cache/lock" || { if find_cli; then exit 0; fi; }

say "building the Pulumi CLI $version from source with Go $go_version, once: 3 to 6 minutes on two cores, and the"
say "first time a download of 266 modules. It takes 115 MB in $cache, and up to 6 GB in Go's own"
say 'caches, which "go clean -cache -modcache" gives back.'
began=$(date +%s)
rm -rf "$build.unfinished"
mkdir -p "$build.unfinished/bin"
# Aside first, then renamed: half a build is never found. Readonly modules: what is built is what go.sum says.
GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly nice -n 10 go build -p 2 -trimpath -buildvcs=false \
  -tags osusergo,grpcnotrace -ldflags "-w -s -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v$version" \
  -o "$build.unfinished/bin/pulumi" github.com/pulumi/pulumi/pkg/v3/cmd/pulumi >&2 ||
  fail 1 'the build failed: the reason is above. If it is the network, run the same command again when there is one.'
rm -rf "$build"
mv "$build.unfinished" "$build"
say "built in $(($(date +%s) - began)) s"
echo "$built"
