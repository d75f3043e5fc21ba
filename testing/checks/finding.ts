/** What a check found wrong, in the words of every check. */
import type { GraphResource, GraphValue } from '../../planner/graph/types';

/** One input of one resource that is not as it must be. */
export interface Finding {
  readonly urn: string;
  readonly type: string;
  /** The name that the program gives the resource. */
  readonly name: string;
  /** The path in its inputs. */
  readonly property: string;
  /** Absent where there is none. */
  readonly value?: GraphValue;
  /** What is wrong. */
  readonly problem: string;
  /** What is allowed, and, where it is published, by whom. */
  readonly allowed: string;
  /** What to do. */
  readonly fix: string;
}

/** Something that a check says nothing about, and why. */
export interface NotChecked {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Absent where it is the whole resource. */
  readonly property?: string;
  readonly reason: string;
}

/** By type token, why a check leaves the resources of a type out. */
export type Exceptions = Readonly<Record<string, string>>;

/** Thrown by every `assert...` of the test kit: one line for each finding. */
export class FindingsError extends Error {
  override readonly name = 'FindingsError';
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];

  constructor(title: string, findings: readonly Finding[], notChecked: readonly NotChecked[] = []) {
    super([title, ...findings.map(describeFinding), ...notChecked.map(describeNotChecked)].join('\n  '));
    this.findings = findings;
    this.notChecked = notChecked;
  }
}

/** A finding in one line. */
export function describeFinding({ urn, property, value, problem, allowed, fix }: Finding): string {
  const given = value === undefined ? '' : ` = ${shortened(JSON.stringify(value))}`;
  return `${urn}: ${property}${given}: ${problem}; allowed: ${allowed}; ${fix}`;
}

/** What was not checked, in one line. */
export function describeNotChecked({ urn, property, reason }: NotChecked): string {
  return `${urn}${property === undefined ? '' : `: ${property}`}: not checked: ${reason}`;
}

/** The words for a resource that findings have in common. */
export function about({ urn, type, name }: GraphResource): Pick<GraphResource, 'urn' | 'type' | 'name'> {
  return { urn, type, name };
}

/** How many of something: `1 name`, `2 names`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

const LONGEST_VALUE = 200;

function shortened(text: string): string {
  return text.length <= LONGEST_VALUE
    ? text
    : `${text.slice(0, LONGEST_VALUE)}... (${text.length} characters)`;
}
