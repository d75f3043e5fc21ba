#!/usr/bin/env bash
# Posts $FILE to the pull request whose head is $HEAD_SHA, or edits the comment that it posted before.
set -euo pipefail
: "${FILE:?}" "${HEAD_REPOSITORY:?}" "${HEAD_BRANCH:?}" "${HEAD_SHA:?}" "${GITHUB_REPOSITORY:?}"

marker='<!-- aws-media-check -->'
# GitHub takes 65,536 characters; bytes are never fewer.
most=65000

# The file comes from a job that ran the pull request's code, so which pull request it is for is asked of GitHub.
number=$(gh api --method GET "repos/$GITHUB_REPOSITORY/pulls" \
  -f state=open -f head="${HEAD_REPOSITORY%%/*}:$HEAD_BRANCH" -f per_page=100 |
  jq -r --arg sha "$HEAD_SHA" --arg repository "$HEAD_REPOSITORY" \
    'map(select(.head.sha == $sha and .head.repo.full_name == $repository)) | .[0].number // empty')
if [ -z "$number" ]; then
  echo "No open pull request has $HEAD_SHA as its head: it has a newer commit, or was closed. Nothing is posted."
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
body=$work/body
# Only ours may be found again by the marker.
sed "s/$marker//g" "$FILE" >"$work/text"
{
  printf '%s\n' "$marker"
  head -c "$most" "$work/text" | iconv -c -f utf-8 -t utf-8
  if [ "$(wc -c <"$work/text")" -gt "$most" ]; then
    printf '\n\n_Cut: the whole text is in the summary of the job._\n'
  fi
} >"$body"

comment=$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100" |
  jq -rs --arg marker "$marker" \
    'add // [] | map(select(.user.type == "Bot" and (.body | startswith($marker)))) | .[0].id // empty')
if [ -n "$comment" ]; then
  gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$comment" -F body=@"$body" >/dev/null
  echo "Edited comment $comment of pull request $number."
else
  gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$number/comments" -F body=@"$body" >/dev/null
  echo "Posted a comment to pull request $number."
fi
