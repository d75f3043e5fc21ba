#!/usr/bin/env bash
# Writes $OUTPUT, the job's summary and the output `ok`; ends with 1 where something mandatory was found.
set -euo pipefail
: "${TARGET:?}" "${PROFILE:?}" "${COMMAND:?}" "${OUTPUT:?}"

# Words, because it may be `npx --no-install aws-media`.
read -r -a command <<<"$COMMAND"
flags=()
[ -n "${STACK:-}" ] && flags+=(--stack "$STACK")
policy=(--profile "$PROFILE")
[ -n "${POLICY_CONFIG:-}" ] && policy+=(--policy-config "$POLICY_CONFIG")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What went wrong stands in the comment, too: a check that says nothing looks like one that passed.
attempt() {
  local name=$1 code=0
  shift
  "$@" >"$work/$name.md" 2>"$work/$name.err" || code=$?
  cat "$work/$name.err" >&2
  if [ ! -s "$work/$name.md" ]; then
    printf '### %s could not be made (exit code %s)\n\n' "$name" "$code" >"$work/$name.md"
    # Indented, so that nothing in it is markup.
    tail -n 20 "$work/$name.err" | sed 's/^/    /' >>"$work/$name.md"
  fi
  return "$code"
}

planned=0 checked=0
attempt plan "${command[@]}" plan "$TARGET" "${flags[@]}" --markdown || planned=$?
attempt policies "${command[@]}" policy check "$TARGET" "${flags[@]}" "${policy[@]}" --markdown || checked=$?

cat "$work/policies.md" <(printf '\n') "$work/plan.md" >"$OUTPUT"
[ -n "${GITHUB_STEP_SUMMARY:-}" ] && cat "$OUTPUT" >>"$GITHUB_STEP_SUMMARY"
ok=true
[ "$planned" -eq 0 ] && [ "$checked" -eq 0 ] || ok=false
[ -n "${GITHUB_OUTPUT:-}" ] && echo "ok=$ok" >>"$GITHUB_OUTPUT"
[ "$ok" = true ]
