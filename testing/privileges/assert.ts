import type { Graph, GraphResource } from '../../planner/graph/types';
import { leastPrivilege, type LeastPrivilege, type LeastPrivilegeOptions } from './least-privilege';
import { matches } from './patterns';
import type { ApiCall, CallRecording } from './types';

/** A finding that is as it should be. All that is given must fit; `*` and `?` are wildcards. */
export interface PrivilegeException {
  readonly finding: keyof LeastPrivilege;
  /** `Sid` of the statement, or `#1` for the first where there is none. */
  readonly statement?: string;
  /** Action of the grant or of the call. */
  readonly action?: string;
  /** Resource of the grant or of the call, or its pattern. */
  readonly resource?: string;
  /** What was not evaluated. */
  readonly what?: string;
  /** Why it is as it should be. */
  readonly reason: string;
}

/** What is compared, and what is meant although it is not least privilege. */
export interface AssertLeastPrivilegeOptions extends LeastPrivilegeOptions {
  readonly allow?: readonly PrivilegeException[];
}

interface Line {
  readonly finding: keyof LeastPrivilege;
  readonly fields: Readonly<Partial<Record<'statement' | 'action' | 'resource' | 'what', string>>>;
  readonly text: string;
}

/**
 * Throws where a call is denied, a grant is not used or wider than what was used, or something was not evaluated.
 * @throws Error with all findings at once, and the exceptions that nothing needed
 */
export function assertLeastPrivilege(
  graph: Graph,
  role: string | GraphResource,
  calls: readonly ApiCall[] | CallRecording,
  options: AssertLeastPrivilegeOptions = {},
): void {
  const { allow = [], ...rest } = options;
  const lines = linesOf(leastPrivilege(graph, role, calls, rest));
  const stale = allow.filter((exception) => !lines.some((line) => excepts(exception, line)));
  const problems = [
    ...lines
      .filter((line) => !allow.some((exception) => excepts(exception, line)))
      .map(({ finding, text }) => `${finding}: ${text}`),
    ...stale.map(
      ({ reason, ...exception }) =>
        `an exception that nothing needs (${JSON.stringify(exception)}, because ${reason}): remove it`,
    ),
  ];
  if (problems.length === 0) return;
  const name = typeof role === 'string' ? role : role.urn;
  throw new Error([`${name} has not exactly the permissions that it needs:`, ...problems].join('\n  '));
}

function linesOf({ denied, unused, wide, notEvaluated }: LeastPrivilege): Line[] {
  return [
    ...denied.map(({ call: { action, resource }, message }): Line => ({
      ...{ finding: 'denied', fields: { action, resource } },
      text: message,
    })),
    ...unused.map(({ statement, action, resource, message }): Line => ({
      ...{ finding: 'unused', fields: { statement, action, resource } },
      text: message,
    })),
    ...wide.map(({ statement, of, pattern, message }): Line => ({
      ...{ finding: 'wide', fields: { statement, [of]: pattern } },
      text: message,
    })),
    ...notEvaluated.map(({ what, where, why }): Line => ({
      ...{ finding: 'notEvaluated', fields: { what } },
      text: `${what} at ${where}: ${why}`,
    })),
  ];
}

function excepts(exception: PrivilegeException, { finding, fields }: Line): boolean {
  if (exception.finding !== finding) return false;
  return (['statement', 'action', 'resource', 'what'] as const).every((field) => {
    const wanted = exception[field];
    return wanted === undefined || (fields[field] !== undefined && matches(wanted, fields[field]));
  });
}
