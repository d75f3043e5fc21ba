#!/bin/sh
# Proves the set-up from nothing: makes a minimal Debian with git, make, curl and a root shell, copies the
# checkout in (what git tracks, and new files that it does not ignore), and runs the README's commands there.
#
#   scripts/clean-room.sh [--suite bookworm] [--base FOLDER] [--keep] [COMMAND...]
#
# --suite  the Debian release (bookworm)
# --base   a root file system that debootstrap made earlier: copied instead of made again
# --keep   leave the root file system, and say where
# COMMAND  run in the checkout there after the set-up, for example: make test
#
# Needs root and debootstrap (apt-get install debootstrap), 3 GB in TMPDIR, and the network for packages. The
# mounts are in a namespace of this process, so they go with it however it ends.
set -eu

if [ "$(id -u)" != 0 ]; then
  echo 'clean-room: needs root, for debootstrap and chroot. Run it as root.' >&2
  exit 69
fi
if [ -z "${CLEAN_ROOM_INSIDE:-}" ]; then
  CLEAN_ROOM_INSIDE=1 exec unshare --mount --pid --fork --kill-child --propagation private -- "$0" "$@"
fi
unset CLEAN_ROOM_INSIDE

suite=bookworm
base=''
keep=''
while [ $# -gt 0 ]; do
  case $1 in
  --suite) suite=$2 && shift 2 ;;
  --base) base=$2 && shift 2 ;;
  --keep) keep=yes && shift ;;
  -*) echo "clean-room: unknown option $1; the options are in the first lines of $0" >&2 && exit 64 ;;
  *) break ;;
  esac
done

CDPATH='' cd -- "$(dirname -- "$0")/.."
place=$(mktemp -d "${TMPDIR:-/tmp}/clean-room.XXXXXX")
room=$place/root
mount -t proc proc /proc # That of the new process namespace.

finish() {
  code=$?
  # Whatever still runs in there, such as an interrupted dpkg. Only as the first process of a namespace of our own.
  if [ $$ = 1 ]; then kill -KILL -1 2>/dev/null || true; fi
  for point in dev/pts dev/shm dev sys proc; do umount -l "$room/$point" 2>/dev/null || true; done
  if [ -n "$keep" ]; then
    echo "clean-room: kept $room"
  elif grep -q " $room/" /proc/mounts; then
    echo "clean-room: something is still mounted in $room, so it was not removed" >&2
  else
    rm -rf --one-file-system "$place"
  fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

step() {
  printf '\n== clean-room: %s\n' "$1"
  shift
  began=$(date +%s)
  "$@" || {
    echo "clean-room: failed with exit code $? after $(($(date +%s) - began)) s" >&2
    exit 1
  }
  printf '== %s s\n' "$(($(date +%s) - began))"
}

make_room() {
  if [ -n "$base" ]; then
    cp -a -- "$base" "$room"
  else
    debootstrap --variant=minbase --include=git,make,curl,ca-certificates "$suite" "$room" >"$place/debootstrap.log" 2>&1 ||
      { tail -n 20 "$place/debootstrap.log" >&2 && return 1; }
  fi
}

# How this machine's package clients reach their registries: name service, certificates, sources, settings.
copy_settings() {
  for path in /etc/resolv.conf /etc/hosts /etc/ssl/certs /usr/local/share/ca-certificates /usr/share/ca-certificates \
    /etc/apt/apt.conf.d /etc/apt/auth.conf.d /etc/apt/keyrings /etc/apt/trusted.gpg.d /root/.npmrc /etc/npmrc; do
    [ -e "$path" ] || continue
    mkdir -p "$room$(dirname "$path")"
    rm -rf "${room:?}$path"
    cp -aL -- "$path" "$room$path"
  done
  # Sources only for the release that they are of.
  # shellcheck source=/dev/null
  if [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = "$suite" ] && [ -d /etc/apt/sources.list.d ]; then
    rm -rf "$room/etc/apt/sources.list" "$room/etc/apt/sources.list.d"
    cp -a /etc/apt/sources.list.d "$room/etc/apt/"
    if [ -e /etc/apt/sources.list ]; then cp -a /etc/apt/sources.list "$room/etc/apt/"; fi
  fi
  for point in proc sys dev; do mkdir -p "$room/$point"; done
  mount -t proc proc "$room/proc"
  mount --rbind /sys "$room/sys"
  mount -t tmpfs -o mode=755 tmpfs "$room/dev"
  for device in null zero full random urandom tty; do
    touch "$room/dev/$device"
    mount --bind "/dev/$device" "$room/dev/$device"
  done
  mkdir "$room/dev/pts" "$room/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=666 devpts "$room/dev/pts"
  mount -t tmpfs tmpfs "$room/dev/shm"
  ln -s pts/ptmx "$room/dev/ptmx"
  ln -s /proc/self/fd "$room/dev/fd"
}

copy_checkout() {
  mkdir -p "$room/root/checkout"
  git ls-files -co --exclude-standard -z | tar --null --ignore-failed-read -T - -cf - | tar -xf - -C "$room/root/checkout"
  inside git init -q .
}

# The environment stays (proxies, certificates); what names this machine's own programs does not.
inside() {
  chroot "$room" /usr/bin/env -u TMPDIR HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
    sh -c 'cd /root/checkout && exec "$@"' sh "$@"
}

step "a minimal Debian ($suite)" make_room
step 'settings of the package clients' copy_settings
step 'the checkout' copy_checkout
# shellcheck disable=SC2016 # For the shell inside.
step 'what is there already' inside sh -c 'cat /etc/debian_version; for c in git make curl node npm ffmpeg chromium; do command -v $c || echo "no $c"; done'
step 'make setup' inside make setup
step 'make setup again' inside make setup
step 'make setup again, without network' inside unshare --net make setup
step 'bin/aws-media --version' inside bin/aws-media --version
step 'npx aws-media --version' inside npx aws-media --version
step 'versions' inside sh -c 'node --version; npm --version; scripts/with-node.sh node --version; ffmpeg -version | head -n 1; chromium --version --no-sandbox'
if [ $# -gt 0 ]; then step "$*" inside "$@"; fi
printf '\nclean-room: every step passed\n'
