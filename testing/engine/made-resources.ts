import { reveal } from '../../planner/graph/values';
import type { Answers } from './answers';
import type { Properties } from './properties';
import type { RecordedCall } from './stand-in-aws';

/** What the engine asked for of a type until now, as data sources find it: outputs and `id`, without marks of secrets. */
export function madeResources(calls: readonly RecordedCall[], answers: Answers, type: string): Properties[] {
  const last = new Map<string, RecordedCall>();
  for (const call of calls) {
    if (call.type === type && call.urn !== '') last.set(call.urn, call);
  }
  return [...last.values()]
    .filter(({ method }) => method !== 'delete')
    .map(({ urn, inputs }) => {
      const { id, computed } = answers.made(urn, inputs);
      return { ...(reveal({ ...inputs, ...computed }) as Properties), id };
    });
}
