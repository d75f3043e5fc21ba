/** Definitions in the Amazon States Language. */
import { isFields, type Fields } from '../../../planner/graph/values';
import { at, closest, meant, type Problems, wrongKind } from '../problems';

const SPEC = 'Amazon States Language, states-language.net/spec.html';
const TYPES = ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map'];
/** States after which another comes, or that end the machine. */
const GOES_ON = ['Task', 'Pass', 'Wait', 'Parallel', 'Map'];
const MAY_FAIL = ['Task', 'Parallel', 'Map'];
const WAITS = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'];
const MAX_NAME = 80;

export function checkStateMachine(definition: unknown, problems: Problems): void {
  checkMachine(definition, '', problems, new Set());
}

function checkMachine(given: unknown, path: string, problems: Problems, names: Set<string>): void {
  const refuse = refuser(problems);
  if (!isFields(given)) {
    refuse(path, wrongKind(given), 'an object', 'give StartAt and States');
    return;
  }
  const { StartAt: start, States: states } = given;
  if (!isFields(states) || Object.keys(states).length === 0) {
    refuse(
      at(path, 'States'),
      isFields(states) ? 'empty' : wrongKind(states),
      'at least one state',
      'add a state',
    );
    return;
  }
  const known = Object.keys(states);
  const reached = new Set<string>();
  const go = (to: unknown, from: string): void => {
    if (typeof to === 'string' && known.includes(to)) reached.add(to);
    else {
      const fix = meant(typeof to === 'string' ? closest(to, known) : undefined, 'name a state');
      refuse(from, 'no state beside it has this name', known.join(', '), fix, to);
    }
  };
  go(start, at(path, 'StartAt'));
  const all = at(path, 'States');
  for (const [name, state] of Object.entries(states)) {
    const here = at(all, name);
    if (name.length > MAX_NAME)
      refuse(here, `a name of ${name.length} characters`, `at most ${MAX_NAME}`, 'shorten it');
    if (names.has(name))
      refuse(here, 'a name that another state of the machine has', 'each name once', 'rename it');
    names.add(name);
    if (isFields(state)) checkState(state, here, go, problems, names);
    else refuse(here, wrongKind(state), 'an object', 'give a state');
  }
  for (const name of known) {
    if (reached.has(name)) continue;
    const allowed = `StartAt, Next, Default or Catch leads to each state (${SPEC})`;
    problems.refuse(at(all, name), {
      problem: 'no state leads to it',
      allowed,
      fix: 'lead there, or remove it',
    });
  }
}

type Refuse = (path: string, problem: string, allowed: string, fix: string, value?: unknown) => void;

function refuser(problems: Problems): Refuse {
  return (path, problem, allowed, fix, value) =>
    problems.refuse(path, {
      ...(value !== undefined && { value }),
      problem,
      allowed: `${allowed} (${SPEC})`,
      fix,
    });
}

function checkState(
  state: Fields,
  path: string,
  go: (to: unknown, from: string) => void,
  problems: Problems,
  names: Set<string>,
): void {
  const refuse = refuser(problems);
  const { Type: type, Next: next, End: end } = state;
  if (typeof type !== 'string' || !TYPES.includes(type)) {
    const fix = meant(typeof type === 'string' ? closest(type, TYPES) : undefined, 'give one of these');
    refuse(at(path, 'Type'), 'no type of state', TYPES.join(', '), fix, type);
    return;
  }
  if (GOES_ON.includes(type)) {
    if ((next === undefined) === (end !== true)) {
      refuse(
        at(path, 'Next'),
        next === undefined ? 'neither Next nor End' : 'both',
        'one of Next and "End": true',
        'give one',
      );
    }
  } else if (next !== undefined || end !== undefined) {
    refuse(
      at(path, next === undefined ? 'End' : 'Next'),
      `not in a ${type} state`,
      'neither Next nor End',
      'remove it',
    );
  }
  if (next !== undefined) go(next, at(path, 'Next'));
  if (MAY_FAIL.includes(type)) checkErrors(state, path, go, problems);
  if (type === 'Task' && typeof state['Resource'] !== 'string') {
    refuse(at(path, 'Resource'), wrongKind(state['Resource']), 'a text', 'give the ARN of what it runs');
  } else if (type === 'Task' && !/^arn:[^:]+:[a-z-]+:/.test(state['Resource'] as string)) {
    refuse(at(path, 'Resource'), 'no ARN', 'an ARN', 'give the ARN of what it runs', state['Resource']);
  }
  const waits = WAITS.filter((each) => state[each] !== undefined);
  if (type === 'Wait' && waits.length !== 1) {
    refuse(path, `${waits.length} of ${WAITS.join(', ')}`, 'exactly one', 'give one');
  }
  if (type === 'Choice') checkChoice(state, path, go, problems);
  if (type === 'Parallel') {
    const branches = state['Branches'];
    if (!Array.isArray(branches) || branches.length === 0) {
      refuse(at(path, 'Branches'), wrongKind(branches), 'a list of machines', 'give the branches');
    } else
      for (const [n, each] of branches.entries())
        checkMachine(each, at(at(path, 'Branches'), n), problems, names);
  }
  if (type === 'Map') {
    const own = state['ItemProcessor'] === undefined ? 'Iterator' : 'ItemProcessor';
    checkMachine(state[own], at(path, own), problems, names);
  }
}

function checkErrors(
  state: Fields,
  path: string,
  go: (to: unknown, from: string) => void,
  problems: Problems,
): void {
  const refuse = refuser(problems);
  for (const field of ['Retry', 'Catch']) {
    const list = state[field];
    if (list === undefined) continue;
    const here = at(path, field);
    for (const [n, each] of Array.isArray(list) ? (list as readonly unknown[]).entries() : []) {
      const one = at(here, n);
      const errors: unknown = isFields(each) ? each['ErrorEquals'] : undefined;
      if (!Array.isArray(errors) || errors.length === 0) {
        refuse(at(one, 'ErrorEquals'), wrongKind(errors), 'a list of errors', 'give ["States.ALL"]');
      } else if (errors.includes('States.ALL') && (errors.length > 1 || n < (list as unknown[]).length - 1)) {
        refuse(at(one, 'ErrorEquals'), 'States.ALL among others', 'alone, and last', 'move it', errors);
      }
      if (field === 'Catch' && isFields(each)) go(each['Next'], at(one, 'Next'));
    }
  }
}

function checkChoice(
  { Choices: choices, Default: otherwise }: Fields,
  path: string,
  go: (to: unknown, from: string) => void,
  problems: Problems,
): void {
  const here = at(path, 'Choices');
  if (!Array.isArray(choices) || choices.length === 0) {
    refuser(problems)(here, wrongKind(choices), 'a list of rules', 'give the rules');
  } else {
    for (const [n, each] of (choices as readonly unknown[]).entries()) {
      go(isFields(each) ? each['Next'] : undefined, at(at(here, n), 'Next'));
    }
  }
  if (otherwise !== undefined) go(otherwise, at(path, 'Default'));
}
