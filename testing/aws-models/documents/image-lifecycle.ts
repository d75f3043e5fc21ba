/** Lifecycle policies of ECR. */
import { isFields, type Fields } from '../../../planner/graph/values';
import { at, closest, meant, type Problems, wrongKind } from '../problems';

const GUIDE = 'ECR User Guide, "Lifecycle policy properties in Amazon ECR"';
const STATUSES = ['tagged', 'untagged', 'any'];
const COUNTS = ['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'];
const RULE = ['rulePriority', 'description', 'selection', 'action'];
const SELECTION = [
  ...[
    'tagStatus',
    'tagPrefixList',
    'tagPatternList',
    'storageClass',
    'countType',
    'countUnit',
    'countNumber',
  ],
];

export function checkImageLifecycle(policy: unknown, problems: Problems): void {
  const rules = isFields(policy) ? policy['rules'] : undefined;
  if (!Array.isArray(rules) || rules.length === 0) {
    problems.refuse('rules', {
      problem: wrongKind(rules),
      allowed: `a list of rules (${GUIDE})`,
      fix: 'give the rules',
    });
    return;
  }
  const priorities = new Set<unknown>();
  const highest = Math.max(...rules.map((each) => (isFields(each) ? Number(each['rulePriority']) : 0)));
  for (const [n, rule] of (rules as readonly unknown[]).entries()) {
    const path = at('rules', n);
    if (!isFields(rule)) {
      problems.refuse(path, {
        problem: wrongKind(rule),
        allowed: `an object (${GUIDE})`,
        fix: 'give a rule',
      });
      continue;
    }
    unknown(rule, RULE, path, problems);
    const { rulePriority: priority, action } = rule;
    if (!Number.isInteger(priority) || (priority as number) < 1 || priorities.has(priority)) {
      const allowed = `a whole number from 1, each once (${GUIDE})`;
      const problem = priorities.has(priority) ? 'another rule has it' : 'no priority';
      problems.refuse(at(path, 'rulePriority'), {
        value: priority,
        problem,
        allowed,
        fix: 'number the rules',
      });
    }
    priorities.add(priority);
    const kind = isFields(action) ? action['type'] : undefined;
    if (kind !== 'expire' && kind !== 'transition') {
      const allowed = `expire, transition (${GUIDE})`;
      problems.refuse(at(at(path, 'action'), 'type'), {
        value: kind,
        problem: 'no action',
        allowed,
        fix: 'give expire',
      });
    }
    checkSelection(rule['selection'], at(path, 'selection'), problems);
    const isAny = isFields(rule['selection']) && rule['selection']['tagStatus'] === 'any';
    if (isAny && typeof priority === 'number' && priority < highest) {
      const allowed = `a rule of any images comes last: the highest number (${GUIDE})`;
      problems.refuse(at(path, 'rulePriority'), {
        value: priority,
        problem: 'others come after it',
        allowed,
        fix: 'raise it',
      });
    }
  }
}

function checkSelection(selection: unknown, path: string, problems: Problems): void {
  if (!isFields(selection)) {
    problems.refuse(path, {
      problem: wrongKind(selection),
      allowed: `an object (${GUIDE})`,
      fix: 'give a selection',
    });
    return;
  }
  unknown(selection, SELECTION, path, problems);
  const { tagStatus, tagPrefixList, tagPatternList, countType, countUnit, countNumber } = selection;
  const refuse = (name: string, problem: string, allowed: string, fix: string): void => {
    const value = selection[name];
    const given = value === undefined ? {} : { value };
    problems.refuse(at(path, name), { ...given, problem, allowed: `${allowed} (${GUIDE})`, fix });
  };
  if (!STATUSES.includes(tagStatus as string)) {
    refuse('tagStatus', 'no status', STATUSES.join(', '), 'give one of these');
  }
  if (tagStatus === 'tagged' && tagPrefixList === undefined && tagPatternList === undefined) {
    refuse('tagPatternList', 'no list', 'tagPatternList or tagPrefixList with tagged', 'give one list');
  }
  if (tagStatus !== 'tagged' && (tagPrefixList !== undefined || tagPatternList !== undefined)) {
    const name = tagPrefixList === undefined ? 'tagPatternList' : 'tagPrefixList';
    refuse(name, `a list of tags with ${String(tagStatus)}`, 'with tagged only', 'remove it');
  }
  if (!COUNTS.includes(countType as string)) {
    refuse('countType', 'no way to count', COUNTS.join(', '), 'give one of these');
  } else if (countType !== 'imageCountMoreThan' && countUnit !== 'days') {
    refuse('countUnit', countUnit === undefined ? 'missing' : 'no unit', 'days', 'give days');
  } else if (countType === 'imageCountMoreThan' && countUnit !== undefined) {
    refuse('countUnit', 'images are not counted in days', 'none', 'remove it');
  }
  if (!Number.isInteger(countNumber) || (countNumber as number) < 1) {
    refuse('countNumber', 'no count', 'a whole number from 1', 'give a number');
  }
}

function unknown(given: Fields, known: readonly string[], path: string, problems: Problems): void {
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const allowed = `${known.join(', ')} (${GUIDE})`;
    const fix = meant(closest(name, known), 'remove it');
    problems.refuse(at(path, name), { problem: 'no property of a rule', allowed, fix });
  }
}
