#!/bin/sh
# Runs a command with the Node that set-up chose first on PATH: scripts/with-node.sh node x.mjs
# (bin/aws-media finds it by itself, because it must also work where this file is not.)
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P) || exit 70
bin=$root/.tools/node_modules/node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/bin
[ -x "$bin/node" ] && PATH=$bin:$PATH
exec "$@"
