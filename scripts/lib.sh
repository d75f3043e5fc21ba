# shellcheck shell=sh
# What scripts share. Read by them, not run: `me` is what messages begin with. Messages go to stderr, because stdout
# belongs to what a script prints.

say() { printf '%s: %s\n' "${me:?}" "$*" >&2; }

# fail CODE MESSAGE...
fail() {
  code=$1
  shift
  say "$@"
  exit "$code"
}

# Whether version $1 is $2 or newer: at_least 3.260.1 3.259.0
at_least() {
  [ "$(printf '%s\n%s\n' "$1" "$2" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$2" ]
}

# Whether there is a Go of version $1 or newer; which one is then in go_version.
has_go() {
  go_version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null | sed -n 's/^go\([0-9.]*\).*/\1/p')
  [ -n "$go_version" ] && at_least "$go_version" "$1"
}

# The folder of builds that checkouts share; the caller may make it.
shared_cache() { echo "${XDG_CACHE_HOME:-${HOME:?is not set, and neither is XDG_CACHE_HOME}/.cache}/pulumi-aws-media"; }

# Of two at once the second waits: lock FILE. Held until the script ends. 1 where it had to wait: what it is about to
# make may be there now.
lock() {
  command -v flock >/dev/null 2>&1 || return 0
  exec 9>"$1"
  flock -n 9 && return 0
  say 'another build is running; waiting for it to end'
  flock 9
  return 1
}
