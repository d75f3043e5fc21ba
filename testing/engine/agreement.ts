import { isFields, same } from '../../planner/graph/values';
import type { NormalStack } from './normalise';

/**
 * Where the engine's state and a recorded graph differ, a line each: URN, path, what either has. None means that they
 * agree.
 */
export function disagreements(engine: NormalStack, graph: NormalStack): string[] {
  return [
    ...differing(engine.resources, graph.resources, ''),
    ...differing(engine.providers, graph.providers, 'provider '),
    ...differing(engine.outputs, graph.outputs, 'stack output '),
  ];
}

function differing(engine: object, graph: object, before: string): string[] {
  const [left, right] = [engine, graph].map((each) => each as { readonly [name: string]: unknown });
  return [...new Set([...Object.keys(engine), ...Object.keys(graph)])].sort().flatMap((name) => {
    const [a, b] = [left?.[name], right?.[name]];
    if (same(a, b)) return [];
    if (isFields(a) && isFields(b)) return differing(a, b, `${before}${name} `);
    return [`${before}${name}: the engine has ${shown(a)}, the graph ${shown(b)}`];
  });
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
