/** Rules tried on a good program, on that program with one thing wrong, and on near misses. */
import { expect } from 'chai';
import { recordComponent, type Graph } from '../../testing';
import { stackOf } from '../../planner/check/from-graph';
import { judges, verdictOn, type Rule, type Stack, type Verdict } from '../../policies/core';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Fields = { [name: string]: Json };
interface Editable {
  resources: { name: string; type: string; inputs: Fields; outputs: Fields; options: Fields }[];
}

/** One change of a recorded program. */
export type Change = (graph: Editable) => void;

const named = (graph: Editable, name: string) => {
  const all = graph.resources.filter(
    (resource) => resource.name === name && resource.type.startsWith('aws:'),
  );
  expect(all, `resources of AWS called ${name}`).to.have.length(1);
  return all[0]!;
};

function put(fields: Fields, path: string, value: Json | undefined): void {
  const steps = path.split('.');
  const last = steps.pop()!;
  let at: Fields | Json[] = fields;
  for (const step of steps) {
    const next: Json | undefined = at[step];
    if (typeof next !== 'object' || next === null) at[step] = {};
    at = at[step] as Fields;
  }
  if (value !== undefined) at[last] = value;
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
}

/** @param path of an input, as `ingress.0.fromPort` */
export const set =
  (name: string, path: string, value: Json): Change =>
  (graph) => {
    const { inputs, outputs } = named(graph, name);
    put(inputs, path, structuredClone(value));
    put(outputs, path, structuredClone(value));
  };

export const unset =
  (name: string, path: string): Change =>
  (graph) => {
    const { inputs, outputs } = named(graph, name);
    put(inputs, path, undefined);
    put(outputs, path, undefined);
  };

/** The program without a resource. */
export const without =
  (name: string): Change =>
  (graph) => {
    graph.resources.splice(graph.resources.indexOf(named(graph, name)), 1);
  };

export const option =
  (name: string, key: 'protect' | 'retainOnDelete', value: boolean): Change =>
  (graph) => {
    named(graph, name).options[key] = value;
  };

/** Several changes that are one to a reader, as a policy's text in two places. */
export const both =
  (...changes: readonly Change[]): Change =>
  (graph) =>
    changes.forEach((change) => change(graph));

export interface RuleCases {
  /** What is wrong, by what it is called; the finding in full, and at which resource. */
  readonly violating: Readonly<
    Record<string, { readonly change: Change; readonly at: string; readonly found: readonly string[] }>
  >;
  /** What looks alike and is right: no finding anywhere. */
  readonly nearMisses: Readonly<Record<string, Change>>;
  /** What leaves the rule with nothing to say at a resource, and the reason. */
  readonly notApplicable?: Readonly<
    Record<string, { readonly change: Change; readonly at: string; readonly reason: string }>
  >;
  /** What it cannot say of the good program in a first preview: path by resource. @default nothing */
  readonly undecided?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What a rule says of each resource that it judges, by the resource's name. */
export function verdicts(
  rule: Rule,
  stack: Stack,
  settings?: Readonly<Record<string, unknown>>,
): Map<string, Verdict> {
  return new Map(
    stack.resources
      .filter(({ type }) => judges(rule, type))
      .map((resource) => [resource.name, verdictOn(rule, resource, stack, settings)]),
  );
}

const changed = (graph: Graph, change: Change): Graph => {
  const copy = structuredClone(graph) as unknown as Editable;
  change(copy);
  return copy as unknown as Graph;
};

const violations = (of: Map<string, Verdict>): Record<string, readonly string[]> =>
  Object.fromEntries(
    [...of].flatMap(([name, verdict]) => (verdict.result === 'violating' ? [[name, verdict.found]] : [])),
  );

/** One program, recorded once for all rules that are tried on it. */
export class GoodProgram {
  readonly #program: () => unknown;
  #graph: Promise<Graph> | undefined;

  /** @param program that makes resources in eu-west-1 by @pulumi/aws, and that every rule is content with */
  constructor(program: () => unknown) {
    this.#program = program;
  }

  graph(): Promise<Graph> {
    this.#graph ??= recordComponent(this.#program, {
      project: 'media',
      stack: 'prod',
      config: { 'aws:region': 'eu-west-1' },
    });
    return this.#graph;
  }

  /** The tests of a rule. */
  tries(rule: Rule, cases: RuleCases): void {
    const settings = cases.settings;
    describe(rule.id, () => {
      it('is content with the good program, and has looked at something of it', async () => {
        const said = verdicts(rule, stackOf(await this.graph()), settings);
        expect(violations(said)).to.deep.equal({});
        expect([...said.values()].map(({ result }) => result)).to.include('compliant');
        expect([...said.values()].map(({ result }) => result)).not.to.include('undecided');
      });
      it('in a first preview, says what it must wait for', async () => {
        const said = verdicts(rule, stackOf(await this.graph(), 'unknown'), settings);
        expect(violations(said)).to.deep.equal({});
        const undecided = [...said].flatMap(([name, verdict]) =>
          verdict.result === 'undecided' ? [[name, verdict.path]] : [],
        );
        expect(Object.fromEntries(undecided)).to.deep.equal(cases.undecided ?? {});
      });
      for (const [name, { change, at, found }] of Object.entries(cases.violating)) {
        it(`finds ${name}`, async () => {
          const graph = changed(await this.graph(), change);
          expect(violations(verdicts(rule, stackOf(graph), settings))).to.deep.equal({ [at]: found });
        });
      }
      for (const [name, change] of Object.entries(cases.nearMisses)) {
        it(`is content with ${name}`, async () => {
          const graph = changed(await this.graph(), change);
          expect(violations(verdicts(rule, stackOf(graph), settings))).to.deep.equal({});
        });
      }
      for (const [name, { change, at, reason }] of Object.entries(cases.notApplicable ?? {})) {
        it(`has nothing to say of ${name}`, async () => {
          const graph = changed(await this.graph(), change);
          expect(verdicts(rule, stackOf(graph), settings).get(at)).to.deep.equal({
            result: 'not applicable',
            reason,
          });
        });
      }
    });
  }
}
