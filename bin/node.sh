# shellcheck shell=sh
# Read by the commands, not run: sets `node` to one that is new enough, the checkout's own (make setup), else the system's.
# `me` is the command, `root` the package, `built` what must be there to run.

new_enough() {
  [ -x "$1" ] && "$1" -e 'var v = process.versions.node.split(".").map(Number); process.exit(v[0] > 22 || (v[0] === 22 && v[1] >= 12) ? 0 : 1)' 2>/dev/null
}

# Set-up puts only a Node that is new enough and runs there, so asking it again would only cost time.
node=${root:?}/.tools/node_modules/node-linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')/bin/node
if [ ! -x "$node" ]; then
  node=$(command -v node)
  if ! new_enough "$node"; then
    found=none
    [ -x "$node" ] && found="$node, which is $("$node" --version 2>/dev/null || echo broken)"
    echo "${me:?}: needs Node 22.12 or newer; found $found. In a checkout run 'make setup', which installs one for the project alone; elsewhere install Node 22, then try again." >&2
    exit 69
  fi
fi
if [ ! -f "${built:?}" ]; then
  echo "$me: not built yet. Run 'make setup' in $root, then try again." >&2
  exit 69
fi
