#!/bin/sh
# Builds the runtime's images without a Docker daemon and without a registry, and proves that they run: Debian's
# buildah, on a base that debootstrap makes once.
#
#   scripts/image.sh [--target encoder|origin]... [--architecture amd64|arm64] [--suite RELEASE | --base IMAGE]
#                    [--snapshot TIME] [--dist FOLDER] [--no-proof]
#   scripts/image.sh [--architecture amd64|arm64] --can    builds nothing; exit code 69, and why on stderr, where it cannot
#   scripts/image.sh [--architecture amd64|arm64] --ready  as --can, and 69 too where nothing was built yet
#   scripts/image.sh [--architecture amd64|arm64] --remove removes its images, the base and the cache of layers
#
# --target    which (both; of another architecture than this machine's the origin, which alone may have another)
# --architecture  for which machines (this one's). Another's programs run in QEMU's emulation, ten times as slow
# --suite     the release of Debian that debootstrap makes the base of (bookworm)
# --base      another base, as nvidia/cuda:12.6.3-base-ubuntu24.04@sha256:... (pulled)
# --snapshot  packages as snapshot.debian.org had them, as 20261101T000000Z (today's)
# --dist      the build (dist of this checkout)
# --no-proof  build only
#
# Needs root, buildah, debootstrap, 3 GB in XDG_CACHE_HOME (~/.cache), and once the network for packages: about five
# minutes; with cached layers less than one. Another architecture needs QEMU (qemu-user-static, binfmt-support) too.
# The proof of an origin alone needs ffmpeg, which encodes what it serves. Prints a line of JSON for each image.
# Messages go to stderr.
# Exit codes: 1 the build or the proof failed, 64 wrong use, 69 something is missing, 130 interrupted.
set -eu
# shellcheck disable=SC2034 # lib.sh reads it.
me=image
# shellcheck source=scripts/lib.sh disable=SC1091
. "$(dirname -- "$0")/lib.sh"
CDPATH='' cd -- "$(dirname -- "$0")/.."
root=$(pwd -P)
suite=bookworm

case $(uname -m) in
x86_64) here=amd64 ;;
aarch64) here=arm64 ;;
*) here=$(uname -m) ;;
esac
architecture=$here
# One for each architecture: two builds on one storage, each with a run root of its own, unmount each other's layers.
cache=$(shared_cache)/image

# Whether the kernel hands programs of $1 to an emulator that it has opened already: in another root there is none.
emulates() {
  case $1 in amd64) machine=x86_64 ;; *) machine=aarch64 ;; esac
  handler=/proc/sys/fs/binfmt_misc/qemu-$machine
  [ -e "$handler" ] && grep -q '^enabled' "$handler" && grep -q '^flags:.*F' "$handler"
}

missing() {
  [ "$(id -u)" = 0 ] || { echo 'needs root, for debootstrap and chroot' && return; }
  for command in buildah debootstrap; do
    command -v "$command" >/dev/null || { echo "no $command: apt-get install --no-install-recommends buildah debootstrap" && return; }
  done
  if [ "$architecture" != "$here" ] && ! emulates "$architecture"; then
    echo "programs of $architecture don't run on this machine ($here): apt-get install --no-install-recommends qemu-user-static binfmt-support; where no init ran since, mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc and update-binfmts --enable"
  fi
}

# Everything of ours in the cache: neither the user's containers nor their settings are touched.
bud() {
  command=$1
  shift
  # shellcheck disable=SC2086 # Nothing, or exec
  $run buildah "--root=$cache/storage" "--runroot=$place/run" "--storage-driver=$driver" \
    "--registries-conf=$place/registries.conf" "$command" "$@"
}

run=''
targets=''
base=''
snapshot=''
dist=$root/dist
proof=yes
while [ $# -gt 0 ]; do
  case $1 in
  --can | --ready)
    lack=$(missing)
    [ -z "$lack" ] || fail 69 "$lack"
    if [ "$1" = --ready ] && [ ! -e "$cache/built" ]; then
      fail 69 "no image of $architecture was built here yet: run scripts/image.sh --architecture $architecture once (five minutes; emulated half an hour)"
    fi
    exit 0
    ;;
  --remove) rm -rf --one-file-system "$cache" && exit 0 ;;
  --no-proof) proof='' && shift ;;
  --target | --architecture | --suite | --base | --snapshot | --dist)
    [ $# -ge 2 ] || fail 64 "$1 needs a value"
    case $1 in
    --target)
      case $2 in encoder | origin) targets="$targets $2" ;; *) fail 64 "target '$2': allowed are encoder and origin" ;; esac
      ;;
    --architecture)
      case $2 in amd64 | arm64) architecture=$2 ;; *) fail 64 "architecture '$2': allowed are amd64 and arm64" ;; esac
      cache=$(shared_cache)/image
      [ "$architecture" = "$here" ] || cache=$cache-$architecture
      ;;
    --suite) suite=$2 ;;
    --base) base=$2 ;;
    --snapshot) snapshot=$2 ;;
    --dist) dist=$2 ;;
    esac
    shift 2
    ;;
  *) fail 64 "unknown option $1; the options are in the first lines of $0" ;;
  esac
done
if [ "$architecture" != "$here" ]; then
  case $targets in *encoder*) fail 64 "target 'encoder' of $architecture: on $here the origin alone is built for other machines" ;; esac
  targets=origin
fi
lack=$(missing)
[ -z "$lack" ] || fail 69 "$lack"
for file in encoder/main.js encoder/image/health.js encoder/player/player.js; do
  [ -e "$dist/$file" ] || fail 69 "$dist/$file is missing: run 'make setup' first"
done

mkdir -p "$cache"
lock "$cache/lock" || true
place=$(mktemp -d "${TMPDIR:-/tmp}/aws-media-image.XXXXXX")
containers=''
encoder=''
building=''
finish() {
  code=$?
  for process in $encoder $building; do
    if kill -TERM "$process" 2>/dev/null; then wait "$process" || true; fi
  done
  for container in $containers; do bud rm "$container" >/dev/null 2>&1 || true; done
  rm -rf --one-file-system "$place"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
printf 'unqualified-search-registries = []\n' >"$place/registries.conf"

# Overlay mounts need a file system and a kernel that allow them; vfs copies each layer, and works everywhere.
mkdir -p "$cache/try/lower" "$cache/try/upper" "$cache/try/work" "$cache/try/merged"
driver=vfs
if mount -t overlay -o "lowerdir=$cache/try/lower,upperdir=$cache/try/upper,workdir=$cache/try/work" \
  overlay "$cache/try/merged" 2>/dev/null; then
  umount "$cache/try/merged"
  driver=overlay
fi
rm -rf --one-file-system "$cache/try"

# --- The base: a minimal Debian, as debian:bookworm-slim is ------------------------------------------------------

make_base() {
  root_fs=$cache/base
  began=$(date +%s)
  say "making a minimal Debian ($suite, $architecture) in $cache, once: a minute or two, 150 MB"
  rm -rf --one-file-system "$root_fs"
  debootstrap --arch="$architecture" --variant=minbase --include=ca-certificates "$suite" "$root_fs" >"$cache/debootstrap.log" 2>&1 ||
    fail 1 "debootstrap failed; its output is in $cache/debootstrap.log"
  cat >"$root_fs/etc/apt/sources.list" <<END
deb http://deb.debian.org/debian $suite main
deb http://deb.debian.org/debian $suite-updates main
deb http://deb.debian.org/debian-security $suite-security main
END
  # As Debian's own slim image: no manuals, and none of the packages to come.
  cat >"$root_fs/etc/dpkg/dpkg.cfg.d/slim" <<END
path-exclude /usr/share/doc/*
path-include /usr/share/doc/*/copyright
path-exclude /usr/share/man/*
path-exclude /usr/share/info/*
path-exclude /usr/share/locale/*
END
  find "$root_fs/usr/share/doc" -mindepth 2 ! -name copyright ! -type d -delete
  rm -rf "$root_fs/usr/share/man" "$root_fs/usr/share/info" "$root_fs/usr/share/locale" \
    "$root_fs"/var/cache/apt/* "$root_fs"/var/lib/apt/lists/*
  made=$(bud from scratch)
  containers="$containers $made"
  bud copy --quiet "$made" "$root_fs" / >/dev/null
  bud config --arch "$architecture" --cmd bash "$made"
  bud commit --quiet --format docker "$made" "localhost/debian-$suite" >/dev/null
  bud rm "$made" >/dev/null
  rm -rf --one-file-system "$root_fs"
  say "made the base in $(($(date +%s) - began)) s"
}

if [ -z "$base" ]; then
  base=localhost/debian-$suite
  bud inspect --type image "$base" >/dev/null 2>&1 || make_base
fi

# --- The context: what Dockerfile.dockerignore lets through -------------------------------------------------------

context=$place/context
mkdir -p "$context/dist" "$context/encoder/ingest"
cp -R "$dist/encoder" "$context/dist/encoder"
cp -R encoder/image "$context/encoder/image"
cp -R encoder/ingest/srt-front "$context/encoder/ingest/srt-front"
cp encoder/Dockerfile LICENSE "$context/"
# Layers are found again by content, and by these.
find "$context" -exec touch -h -d @0 {} +

# How this machine's package clients reach their registries, while it builds and no longer.
mkdir -p "$place/settings"
volumes=''
for path in /etc/ssl/certs /etc/apt/apt.conf.d /usr/local/share/ca-certificates; do
  [ -d "$path" ] || continue
  # Copies: a package that is upgraded writes there.
  cp -RL "$path" "$place/settings/$(echo "$path" | tr / -)" 2>/dev/null || true
  volumes="$volumes --volume $place/settings/$(echo "$path" | tr / -):$path"
done
secrets=''
if [ -e "$HOME/.npmrc" ]; then secrets="--secret id=npmrc,src=$HOME/.npmrc"; fi

version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
revision=$(git rev-parse HEAD 2>/dev/null || true)

# Builds in the background; one at a time.
start_build() {
  began=$(date +%s)
  say "building $1 ($architecture, $driver; the first time about three minutes, emulated twenty, and 1.5 GB in $cache)"
  # exec, so that the process that a signal goes to is buildah's own.
  # shellcheck disable=SC2086 # lists of words
  (run='exec' && bud build --platform "linux/$architecture" --isolation chroot --format docker --layers $volumes $secrets \
    --ignorefile "$root/encoder/Dockerfile.dockerignore" \
    --build-arg "BASE=$base" --build-arg "SNAPSHOT=$snapshot" \
    --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
    --file "$context/Dockerfile" --target "$1" --tag "localhost/aws-media-$1" "$context") >"$place/$1.log" 2>&1 &
  building=$!
}

finish_build() {
  wait "$building" || { tail -n 30 "$place/$1.log" >&2 && fail 1 "the build of $1 failed: the end of its output is above"; }
  building=''
  seconds=$(($(date +%s) - began))
}

# --- Proof: the image's own programs, in its own root file system -------------------------------------------------

inside() {
  container=$1
  shift
  bud run --isolation chroot --volume "$place/media:/var/lib/media" "$container" -- "$@"
}

prove() {
  say "proving $1"
  container=$(bud from --pull-never --arch "$architecture" "localhost/aws-media-$1")
  containers="$containers $container"
  inside "$container" env "ARCHITECTURE=$architecture" sh -eu -s <"tests/image/prove-$1.sh" >&2 || fail 1 "the proof of $1 failed: the reason is above"
  bud rm "$container" >/dev/null
}

# What an origin serves where no encoder was proved before it: a channel by the runtime of this machine.
encode_here() {
  command -v ffmpeg >/dev/null || fail 69 'no ffmpeg, which encodes what the origin serves: apt-get install --no-install-recommends ffmpeg, or leave out --target'
  say 'encoding a channel for the origin, on this machine'
  port=$(scripts/with-node.sh node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  CHANNEL=proof STORE=file:$place/media/store LADDER=tiny ENCODER=software LOG_LEVEL=warn METRICS_PORT=$port \
    scripts/with-node.sh node "$dist/encoder/main.js" >"$place/encoder.log" 2>&1 &
  encoder=$!
  tries=0
  until [ "$(find "$place/media/store" -path '*/live/proof/s/*' -name '*.m4s' 2>/dev/null | wc -l)" -ge 3 ]; do
    tries=$((tries + 1))
    if [ $tries -gt 300 ] || ! kill -0 "$encoder" 2>/dev/null; then cat "$place/encoder.log" >&2 && fail 1 'the runtime of this machine writes no segments'; fi
    sleep 0.2
  done
  kill -TERM "$encoder"
  wait "$encoder" || { cat "$place/encoder.log" >&2 && fail 1 'the runtime of this machine did not end well'; }
  encoder=''
  chown -R 10001:10001 "$place/media"
}

# What the encoder has written the origin serves. By the image's user.
install -d -o 10001 -g 10001 "$place/media"
# shellcheck disable=SC2086 # a list of words
set -- ${targets:-encoder origin}
start_build "$1"
while [ $# -gt 0 ]; do
  target=$1
  shift
  finish_build "$target"
  # While one is proved, which mostly waits for media, the next is built.
  took=$seconds
  [ $# = 0 ] || start_build "$1"
  if [ -n "$proof" ]; then
    [ "$target" = encoder ] || [ -e "$place/media/store" ] || encode_here
    prove "$target"
  fi
  bud inspect --type image "localhost/aws-media-$target" >"$place/$target.json"
  # Sizes as they are unpacked: compressed, as a registry stores them, they were 37 % (encoder) and 35 % (origin).
  # shellcheck disable=SC2016 # A program of Node.
  scripts/with-node.sh node -e '
    const { readFileSync } = require("fs");
    const [file, layersFile, target, seconds, proved] = process.argv.slice(1);
    const image = JSON.parse(readFileSync(file, "utf8"));
    const sizes = new Map(JSON.parse(readFileSync(layersFile, "utf8")).map((layer) => [layer["diff-digest"], layer["diff-size"]]));
    const digests = [...image.OCIv1.rootfs.diff_ids];
    const layers = image.OCIv1.history
      .filter((step) => !step.empty_layer)
      .map((step, n) => ({ bytes: sizes.get(digests[n]) ?? 0, by: (step.created_by ?? "").replace(/^\/bin\/sh -c (#\(nop\) )?/, "").replace(/ in [0-9a-f]{64}| ?file:[0-9a-f]+|multi:[0-9a-f]+/g, "").trim().slice(0, 110) }));
    const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
    const megabytes = (count) => (count / 1e6).toFixed(1).padStart(7);
    process.stderr.write(`image: ${target}, ${megabytes(bytes).trim()} MB in ${layers.length} layers:\n`);
    for (const layer of layers) process.stderr.write(`${megabytes(layer.bytes)} MB  ${layer.by}\n`);
    console.log(JSON.stringify({ target, architecture: image.OCIv1.architecture, bytes, seconds: Number(seconds), proved: proved === "yes", config: image.Docker.config, layers }));
  ' "$place/$target.json" "$cache/storage/$driver-layers/layers.json" "$target" "$took" "$proof"
done
touch "$cache/built"
