import type { Graph } from '../../planner/graph/types';
import { compareGraphs, type CompareOptions, type UpgradeCheck, type UpgradeFinding } from './compare-graphs';

/** A finding that is as it should be. All that is given must fit; `*` stands for any characters. */
export interface UpgradeException {
  readonly finding: 'renamed' | 'deleted' | 'replaces' | 'mayReplace';
  /** URN: of the old version for `renamed` and `deleted`, of the new one for the others. */
  readonly urn: string;
  /** Path of the input, for `replaces` and `mayReplace`; without it any. */
  readonly property?: string;
  /** Why it is as it should be. */
  readonly reason: string;
}

/** How versions are compared, and which findings are meant. */
export interface AssertUpgradeOptions extends CompareOptions {
  readonly allow?: readonly UpgradeException[];
}

interface Line {
  readonly finding: UpgradeException['finding'];
  readonly urn: string;
  readonly properties: readonly string[];
  readonly found: UpgradeFinding;
}

/**
 * Throws where an update would delete, replace or perhaps replace anything that is not allowed to be, whatever it
 * holds, and where the engine would refuse it.
 * @returns what was found, for further assertions
 * @throws Error with everything at once, what loses data first, and the exceptions that nothing needed
 */
export function assertUpgrade(before: Graph, after: Graph, options: AssertUpgradeOptions = {}): UpgradeCheck {
  const { allow = [], ...rest } = options;
  const check = compareGraphs(before, after, rest);
  const lines = linesOf(check);
  const problems = [
    ...lines
      .filter((line) => !isAllowed(line, allow))
      .sort((a, b) => weight(b.found) - weight(a.found))
      .map(({ finding, found }) => `${finding} (${found.severity}): ${found.message}`),
    ...check.conflicts.map(
      ({ alias, claimants }) =>
        `conflict: ${claimants.join(' and ')} are all ${alias}; the engine refuses the update: leave the alias to one`,
    ),
    ...allow
      .filter((exception) => !lines.some((line) => fits(exception, line)))
      .map(
        ({ finding, urn, property, reason }) =>
          `an exception that nothing needs (${finding} ${urn}${property ? ` ${property}` : ''}, because ${reason}): remove it`,
      ),
  ];
  if (problems.length === 0) return check;
  throw new Error([`the update of ${before.project}/${before.stack} is not safe:`, ...problems].join('\n  '));
}

const weight = ({ severity }: UpgradeFinding): number =>
  ['none', 'change', 'kept', 'blocked', 'loss'].indexOf(severity);

function linesOf(check: UpgradeCheck): Line[] {
  return [
    ...check.renamed.map((found): Line => ({ finding: 'renamed', urn: found.from, properties: [], found })),
    ...check.deleted.map((found): Line => ({ finding: 'deleted', urn: found.urn, properties: [], found })),
    ...check.replaces.map((found): Line => ({
      finding: 'replaces',
      urn: found.urn,
      properties: [found.property],
      found,
    })),
    ...check.mayReplace.map((found): Line => ({
      ...{ finding: 'mayReplace', urn: found.urn, found },
      properties: found.changes.map(({ path }) => path),
    })),
  ];
}

/** Each property of a finding must be allowed. */
function isAllowed(line: Line, allow: readonly UpgradeException[]): boolean {
  const properties = line.properties.length > 0 ? line.properties : [''];
  return properties.every((property) =>
    allow.some((exception) => fits(exception, { ...line, properties: [property] })),
  );
}

function fits({ finding, urn, property }: UpgradeException, line: Line): boolean {
  return (
    finding === line.finding &&
    matches(urn, line.urn) &&
    (property === undefined || line.properties.some((each) => matches(property, each)))
  );
}

function matches(pattern: string, text: string): boolean {
  const literal = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's').test(text);
}
