/** Lifecycle rules of a bucket: what S3 refuses although each argument is in range. */
import { isFields, type Fields } from '../../../planner/graph/values';
import { at, type Problems } from '../problems';

const GUIDE = 'S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle"';
const ELEMENTS = 'S3 User Guide, "Lifecycle configuration elements"';
/** S3 Express User Guide, "Configuring lifecycle for directory buckets". */
const EXPRESS = 'S3 User Guide, "Working with S3 Lifecycle for directory buckets"';
const MAX_RULES = 1000;
const MAX_ID = 255;

/** Days that an object must be old: before, S3 refuses the rule. */
const LEAST_DAYS: Readonly<Record<string, number>> = { STANDARD_IA: 30, ONEZONE_IA: 30 };
/** An object goes down this list, never up. */
const WATERFALL = [
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
];
const ACTIONS = [
  ...['expiration', 'transitions', 'noncurrentVersionExpiration', 'noncurrentVersionTransitions'],
  'abortIncompleteMultipartUpload',
];

/** @param bucket its name: that of a directory bucket ends in `--x-s3` */
export function checkObjectLifecycle(rules: readonly unknown[], bucket: unknown, problems: Problems): void {
  if (rules.length === 0 || rules.length > MAX_RULES) {
    const allowed = `1 to ${MAX_RULES} (${ELEMENTS})`;
    problems.refuse('', { problem: `${rules.length} rules`, allowed, fix: 'join some' });
  }
  const isDirectory = typeof bucket === 'string' && bucket.endsWith('--x-s3');
  const seen = new Set<unknown>();
  for (const [n, rule] of rules.entries()) {
    if (!isFields(rule)) continue;
    const path = at('', n);
    const { id } = rule;
    if (typeof id === 'string' && (seen.has(id) || id.length > MAX_ID)) {
      const allowed = `at most ${MAX_ID} characters, each id once (${ELEMENTS})`;
      const problem = seen.has(id) ? 'another rule has it' : `${id.length} characters`;
      problems.refuse(at(path, 'id'), { value: id, problem, allowed, fix: 'rename the rule' });
    }
    if (id !== undefined) seen.add(id);
    if (!ACTIONS.some((name) => isGiven(rule[name]))) {
      const allowed = `one of ${ACTIONS.join(', ')} (${ELEMENTS})`;
      problems.refuse(path, { problem: 'a rule that does nothing', allowed, fix: 'add an action' });
    }
    checkAges(rule, path, problems);
    if (isDirectory) checkDirectory(rule, path, problems);
  }
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}

function checkAges(rule: Fields, path: string, problems: Problems): void {
  const list = Array.isArray(rule['transitions']) ? rule['transitions'].filter(isFields) : [];
  const { expiration } = rule;
  const end = isFields(expiration) ? expiration['days'] : undefined;
  for (const [n, { days, storageClass }] of list.entries()) {
    const here = at(at(path, 'transitions'), n);
    if (typeof days !== 'number' || typeof storageClass !== 'string') continue;
    const least = LEAST_DAYS[storageClass] ?? 0;
    if (days < least) {
      const allowed = `at least ${least} days before ${storageClass} (${GUIDE})`;
      problems.refuse(at(here, 'days'), { value: days, problem: 'too early', allowed, fix: `give ${least}` });
    }
    if (typeof end === 'number' && days >= end) {
      const allowed = `less than expiration.days, ${end} (${GUIDE})`;
      problems.refuse(at(here, 'days'), { value: days, problem: 'gone by then', allowed, fix: 'lower it' });
    }
    const own = WATERFALL.indexOf(storageClass);
    const up = list.find(
      (other) =>
        typeof other['days'] === 'number' &&
        other['days'] < days &&
        own >= 0 &&
        WATERFALL.indexOf(String(other['storageClass'])) > own,
    );
    if (up === undefined) continue;
    const allowed = `${WATERFALL.join(', then ')} (${GUIDE})`;
    problems.refuse(at(here, 'storageClass'), {
      ...{ value: storageClass, problem: `it is in ${String(up['storageClass'])} already` },
      ...{ allowed, fix: 'change the order' },
    });
  }
}

function checkDirectory(rule: Fields, path: string, problems: Problems): void {
  for (const name of ACTIONS) {
    if (!isGiven(rule[name]) || name === 'expiration' || name === 'abortIncompleteMultipartUpload') continue;
    const allowed = `expiration, abortIncompleteMultipartUpload in a directory bucket (${EXPRESS})`;
    problems.refuse(at(path, name), { problem: 'not in a directory bucket', allowed, fix: 'remove it' });
  }
  const { filter } = rule;
  const inner = isFields(filter) ? (isFields(filter['and']) ? filter['and'] : filter) : {};
  for (const name of ['tag', 'tags']) {
    if (!isGiven(inner[name])) continue;
    const allowed = `prefix and sizes in a directory bucket (${EXPRESS})`;
    problems.refuse(at(at(path, 'filter'), name), {
      problem: 'objects there have no tags',
      allowed,
      fix: 'remove it',
    });
  }
}
