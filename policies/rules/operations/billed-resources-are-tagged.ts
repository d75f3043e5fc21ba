import {
  Undecided,
  compliant,
  isPlain,
  isValues,
  itemsOf,
  peek,
  resourceRule,
  tagsOf,
  text,
  violating,
} from '../../core';
import type { Resource, Value, Values } from '../../core';
import { BILLED } from './billed';

const GROUP = 'aws:autoscaling/group:Group';

/** Keys of a group's tags, which are a list: only what instances get is on the bill. */
const keysOfGroup = (group: Resource): readonly (string | undefined)[] =>
  itemsOf(peek(group, 'tags'))
    .filter(isValues)
    .filter((tag) => tag['propagateAtLaunch'] !== false)
    .map((tag) => text(tag, 'key'));

const isBlank = (value: Value): boolean => value === undefined || value === null || value === '';

function missing(resource: Resource, wanted: readonly string[]): readonly string[] {
  if (resource.type === GROUP) {
    const keys = keysOfGroup(resource);
    return wanted.filter((key) => !keys.includes(key));
  }
  const tags = tagsOf(resource);
  const keys = wanted.filter((key) => isBlank(tags[key]));
  if (keys.length > 0 && resource.defaultTags === undefined) throw new Undecided('tagsAll');
  return keys;
}

/** Tags of the form `key=value`. */
const filled = (texts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    texts
      .filter((each) => each.indexOf('=') > 0)
      .map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]),
  );

export const billedResourcesAreTagged = resourceRule({
  id: 'billed-resources-are-tagged',
  family: 'operations',
  title: 'What AWS bills is tagged with whose it is',
  severity: 'medium',
  controls: [],
  why: 'A bill without tags says what was used and not for whom; a resource without an owner is one that nobody dares to delete.',
  fix: "Tag everything at once: `new aws.Provider('aws', { defaultTags: { tags: { project: 'news' } } })`, or `pulumi config set --path 'aws:defaultTags.tags.project' news`. A group of instances has its own: `tags: [{ key: 'project', value: 'news', propagateAtLaunch: true }]`.",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: BILLED,
  settings: {
    tags: {
      description: 'Tags that have to be there and not be empty',
      type: 'array',
      items: { type: 'string' },
      default: ['project'],
    },
    fill: {
      description: 'What the level `remediate` writes where a tag is missing, as project=news',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
  },
  check: (resource, { tags }) => {
    const keys = missing(resource, tags);
    return keys.length === 0
      ? compliant
      : violating(`it has no tag ${keys.map((key) => `"${key}"`).join(', ')}`);
  },
  remedy: (resource, { tags, fill }): Values | undefined => {
    const own = peek(resource, 'tags');
    // What is there is written again, so all of it must be known.
    if (!isPlain(own)) return undefined;
    const values = filled(fill);
    const keys = missing(resource, tags).filter((key) => values[key] !== undefined);
    if (keys.length === 0) return undefined;
    if (resource.type === GROUP) {
      const added = keys.map((key) => ({ key, value: values[key], propagateAtLaunch: true }));
      return { tags: [...itemsOf(own), ...added] };
    }
    const added = Object.fromEntries(keys.map((key) => [key, values[key]]));
    return { tags: { ...(isValues(own) ? own : {}), ...added } };
  },
});
