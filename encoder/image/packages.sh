#!/bin/sh
# Installs packages in an image: packages.sh NAME...
# Those of today, or with SNAPSHOT (as 20261101T000000Z) those that Debian had then. What the base brought is brought
# up to the same time, so that a base with a digest still gets its security fixes.
set -eu
export DEBIAN_FRONTEND=noninteractive
if [ -n "${SNAPSHOT:-}" ]; then
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && echo "$ID:$VERSION_CODENAME")
  case $release in
  debian:*) suite=${release#debian:} ;;
  *)
    echo "packages: SNAPSHOT is for Debian; this base is $release. Leave SNAPSHOT out." >&2
    exit 69
    ;;
  esac
  at=https://snapshot.debian.org/archive
  # Without certificates in the base http must do; packages are signed.
  [ -e /etc/ssl/certs/ca-certificates.crt ] || at=http://snapshot.debian.org/archive
  rm -rf /etc/apt/sources.list /etc/apt/sources.list.d
  cat >/etc/apt/sources.list <<END
deb [check-valid-until=no] $at/debian/$SNAPSHOT $suite main
deb [check-valid-until=no] $at/debian/$SNAPSHOT $suite-updates main
deb [check-valid-until=no] $at/debian-security/$SNAPSHOT $suite-security main
END
fi
apt-get update -qq
apt-get upgrade -qq -y --no-install-recommends >/dev/null
apt-get install -qq -y --no-install-recommends "$@" >/dev/null
apt-get clean
rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/debconf/*-old
