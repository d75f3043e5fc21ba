/** The part of the SDK's state that says what it waits for (sdk/nodejs/runtime/state.ts). */
export interface SdkState {
  readonly leakCandidates?: Set<{ readonly _debugCtx?: string }>;
  readonly pendingResourceRegistrations?: Map<object, Waiting>;
}

/** As the SDK gives it with a resource. */
export interface Place {
  readonly uri: string;
  readonly line: number;
}

interface Waiting {
  readonly name?: string;
  readonly type?: string;
  readonly label?: string;
  readonly phase?: string;
  readonly inputProperty?: string;
}

/**
 * The resources that are not registered yet, and why; where there is none, the calls without an answer.
 * @param places where the resources were made, as far as it is known
 */
export function pendingOf(state: SdkState, places?: WeakMap<object, Place>): string[] {
  const resources = [...(state.pendingResourceRegistrations ?? [])].map(([resource, each]) => {
    const who = each.name && each.type ? `"${each.name}" [${each.type}]` : (each.label ?? 'a resource');
    const property = each.inputProperty === undefined ? '' : ` "${each.inputProperty}"`;
    const place = places?.get(resource);
    const at = place ? ` (${place.uri}:${place.line})` : '';
    return `${who}${at} waits for its ${each.phase ?? 'inputs'}${property}`;
  });
  if (resources.length > 0) return resources;
  return [...(state.leakCandidates ?? [])].map((each) => each._debugCtx ?? 'a promise of the SDK');
}
