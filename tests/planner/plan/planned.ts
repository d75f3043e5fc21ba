import { createRequire } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';
import { planOf, PLAN_SCHEMA, type Plan } from '../../../planner/plan';
import { recordProgramOf } from '../../components/recorded';
import type { ComponentRecordingOptions } from '../../../testing';

const load = createRequire(__filename);

/** Expects a value to follow the plan's schema, or not to. */
export function expectPlan(value: unknown, follows = true): void {
  const from = { paths: [path.dirname(require.resolve('eslint/package.json'))] };
  const Ajv = load(load.resolve('ajv', from)) as new () => {
    compile(schema: object): { (value: unknown): boolean; errors?: unknown };
  };
  const validate = new Ajv().compile(PLAN_SCHEMA);
  expect(validate(value), JSON.stringify(validate.errors)).to.equal(follows);
}

/** The plan of a small program. */
export async function planned(
  program: () => unknown,
  options: ComponentRecordingOptions = {},
): Promise<Plan> {
  return planOf((await recordProgramOf(program, options)).graph);
}

/** Where data can come to from a node, by the edges. */
export function reached({ flow }: Plan, from: string): Set<string> {
  const found = new Set([from]);
  for (const id of found) for (const edge of flow.edges) if (edge.from === id) found.add(edge.to);
  return found;
}

/** The id of the only node that has this in its label. */
export function nodeOf({ flow }: Plan, label: string): string {
  const found = flow.nodes.filter((node) => node.label.startsWith(label));
  expect(found, label).to.have.length(1);
  return found[0]!.id;
}
