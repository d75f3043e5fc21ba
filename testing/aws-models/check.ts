/** The documents of a recorded graph against what AWS publishes of them. */
import { spawnSync } from 'node:child_process';
import { isFields, markOf } from '../../planner/graph/values';
import { partitionOf } from '../../planner/doubles';
import type { Graph, GraphResource, GraphValue } from '../../planner/graph/types';
import { about, count, FindingsError, type Finding, type NotChecked } from '../checks/finding';
import { checkInputs, DOCUMENT_KINDS, type DocumentKind, type InputsReport } from './inputs';
import type { Verdict } from './problems';

/** A finding inside a document; `property` is the input, a colon and the path in the document. */
export interface DocumentFinding extends Finding {
  readonly verdict: Verdict;
}

/** What is looked into, and what is let be with a reason. */
export interface DocumentOptions {
  /** The command that lints shell scripts of user data; absent: they are in `notChecked`. */
  readonly shellcheck?: string;
}

/** What `checkDocuments` found. */
export interface DocumentReport {
  readonly findings: readonly DocumentFinding[];
  readonly notChecked: readonly NotChecked[];
  /** How many documents of each kind were looked into. */
  readonly checked: Readonly<Record<DocumentKind, number>>;
}

/**
 * Looks into every document that a resource of the graph has as a text: policies, container definitions, user data,
 * dashboards, event patterns, lifecycle policies of images, functions and state machines. Documents of other kinds,
 * secrets and values that are known after the update only are in `notChecked`.
 */
export function checkDocuments(graph: Graph, options: DocumentOptions = {}): DocumentReport {
  const findings: DocumentFinding[] = [];
  const notChecked: NotChecked[] = [];
  const checked = Object.fromEntries(DOCUMENT_KINDS.map((kind) => [kind, 0])) as Record<DocumentKind, number>;
  const together = new Together();
  for (const resource of graph.resources) {
    if (!resource.custom || resource.external || !resource.type.startsWith('aws:')) continue;
    const inputs = Object.fromEntries(
      Object.entries(resource.inputs).map(([name, value]) => [name, plain(value)]),
    );
    const report = checkInputs(resource.type, inputs, placeOf(graph, resource), hidden);
    for (const kind of report.checked) checked[kind] += 1;
    for (const { property, path, value, ...words } of report.problems) {
      const given = value === undefined ? {} : { value: value as GraphValue };
      findings.push({ ...about(resource), property: joined(property, path), ...given, ...words });
    }
    for (const { property, path, reason } of report.unjudged) {
      notChecked.push({ ...about(resource), property: joined(property, path), reason });
    }
    lint(resource, report, options.shellcheck, findings, notChecked);
    together.add(resource, inputs, report);
  }
  findings.push(...together.findings());
  return { findings, notChecked, checked };
}

/**
 * @throws FindingsError with every problem in a document. What was not checked is in the answer only: a graph of
 * secrets or of other services is not wrong.
 */
export function assertDocuments(graph: Graph, options: DocumentOptions = {}): DocumentReport {
  const report = checkDocuments(graph, options);
  const { findings } = report;
  if (findings.length === 0) return report;
  throw new FindingsError(`${count(findings.length, 'problem')} inside documents`, findings);
}

function joined(property: string, path: string): string {
  return path === '' ? property : `${property}: ${path}`;
}

/** The value of a graph in the view `both`. */
function plain(value: GraphValue): GraphValue {
  const mark = isFields(value) ? value['$traced'] : undefined;
  return isFields(mark) ? (mark['value'] as GraphValue) : value;
}

function hidden(value: unknown): string | undefined {
  const mark = markOf(value);
  if (mark === '$secret') return 'it is a secret';
  if (mark === '$unknown') return 'it is known after the update only';
  return mark === undefined ? undefined : 'it is no text';
}

function placeOf(graph: Graph, { inputs, provider }: GraphResource): { partition?: string } {
  const own = inputs['region'];
  const ofProvider = graph.providers.find(({ urn, id }) => provider === `${urn}::${id}`)?.region;
  const region = typeof own === 'string' ? own : ofProvider;
  return typeof region === 'string' ? { partition: partitionOf(region) } : {};
}

/** Policies of one owner, whose lengths AWS adds up. */
class Together {
  readonly #owners = new Map<
    string,
    { resource: GraphResource; size: number; max: number; source: string; n: number }
  >();

  add(resource: GraphResource, inputs: Readonly<Record<string, unknown>>, { counted }: InputsReport): void {
    for (const { kind, size } of counted) {
      const { together = '', max, source } = kind.limit!;
      // A policy inside the role itself has no input that names the role.
      const given = inputs[together] ?? resource.id;
      if (typeof given !== 'string') continue;
      const owner = `${together} ${given}`;
      const before = this.#owners.get(owner);
      const sum = { size: (before?.size ?? 0) + size, n: (before?.n ?? 0) + 1 };
      this.#owners.set(owner, { resource, max, source, ...sum });
    }
  }

  findings(): DocumentFinding[] {
    return [...this.#owners].flatMap(([owner, { resource, size, max, source, n }]) => {
      if (n < 2 || size <= max) return [];
      return [
        {
          ...about(resource),
          ...{ property: 'policy', verdict: 'refused' as const },
          problem: `${n} inline policies of ${owner} are ${size} characters without white space together`,
          allowed: `at most ${max} (${source})`,
          fix: 'use a managed policy for some',
        },
      ];
    });
  }
}

/** What shellcheck calls a warning or an error. */
function lint(
  resource: GraphResource,
  { scripts }: InputsReport,
  command: string | undefined,
  findings: DocumentFinding[],
  notChecked: NotChecked[],
): void {
  for (const { property, path, shell, text } of scripts) {
    const where = joined(property, path);
    if (command === undefined) {
      notChecked.push({
        ...about(resource),
        property: where,
        reason: 'no shellcheck was given for its script',
      });
      continue;
    }
    const options = ['--shell', shell, '--severity', 'warning', '--format', 'json', '-'];
    const { stdout, error } = spawnSync(command, options, { input: text, encoding: 'utf8', timeout: 30_000 });
    if (error) throw new Error(`${command}: ${error.message}`);
    for (const { line, code, message } of JSON.parse(stdout) as {
      line: number;
      code: number;
      message: string;
    }[]) {
      findings.push({
        ...about(resource),
        ...{
          property: `${where === property ? `${where}: script` : where}[${line}]`,
          verdict: 'ineffective',
        },
        value: text.split('\n')[line - 1] ?? '',
        problem: message,
        allowed: `what shellcheck says nothing of (SC${code})`,
        fix: 'correct the script',
      });
    }
  }
}
