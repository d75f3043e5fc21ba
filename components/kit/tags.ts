/** Tags of every resource that can have them. */
import type * as pulumi from '@pulumi/pulumi';
import { isDeferred, type InputProblems, type Problem } from './input-errors';

/**
 * AWS General Reference, "Tag naming limits and requirements", but for ours: Name, aws-media:component, and one that some
 * resources have for policies.
 */
const MAX_TAGS = 47;
const TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags by key. */
export type Tags = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * @param component type token's last part
 * @param name what a person finds the resource by
 */
export function tagsFor(
  component: string,
  name: string,
  tags: Tags = {},
): Record<string, pulumi.Input<string>> {
  return { Name: name, 'aws-media:component': component, ...tags };
}

/** @returns the tags, with what is known later to be judged then */
export function checkTags(problems: InputProblems, tags: unknown): Tags {
  if (tags === undefined) return {};
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags) || isDeferred(tags)) {
    problems.add('tags', tags, { allowed: 'an object of texts', fix: `write { team: 'video' }` });
    return {};
  }
  const entries = Object.entries(tags as Tags);
  if (entries.length > MAX_TAGS) {
    const allowed = `at most ${MAX_TAGS} tags (three of AWS's 50 are set here)`;
    problems.add('tags', `${entries.length} tags`, { allowed, fix: 'leave some out' });
  }
  const checked = entries.map(([key, value]): [string, pulumi.Input<string>] => {
    const path = `tags[${JSON.stringify(key)}]`;
    problems.judge(path, key, keyProblem);
    return [key, problems.check(path, value, valueProblem)];
  });
  return Object.fromEntries(checked);
}

const keyProblem = (key: string): Problem | undefined =>
  key.length >= 1 && key.length <= 128 && TEXT.test(key) && !/^aws:/i.test(key)
    ? undefined
    : {
        because: 'the key',
        allowed: '1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:',
        fix: 'rename the tag',
      };

const valueProblem = (value: unknown): Problem | undefined =>
  typeof value === 'string' && value.length <= 256 && TEXT.test(value)
    ? undefined
    : { allowed: 'at most 256 letters, digits, spaces and _.:/=+-@', fix: 'shorten or rewrite the value' };
