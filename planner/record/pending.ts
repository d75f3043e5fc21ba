/** The part of the SDK's state that says what it waits for (sdk/nodejs/runtime/state.ts). */
export interface SdkState {
  readonly leakCandidates?: Set<{ readonly _debugCtx?: string }>;
  readonly pendingResourceRegistrations?: Map<unknown, Waiting>;
}

interface Waiting {
  readonly name?: string;
  readonly type?: string;
  readonly label?: string;
  readonly phase?: string;
  readonly inputProperty?: string;
}

/** The resources that are not registered yet, and why; where there is none, the calls without an answer. */
export function pendingOf(state: SdkState): string[] {
  const resources = [...(state.pendingResourceRegistrations?.values() ?? [])].map((each) => {
    const who = each.name && each.type ? `"${each.name}" [${each.type}]` : (each.label ?? 'a resource');
    const property = each.inputProperty === undefined ? '' : ` "${each.inputProperty}"`;
    return `${who} waits for its ${each.phase ?? 'inputs'}${property}`;
  });
  if (resources.length > 0) return resources;
  return [...(state.leakCandidates ?? [])].map((each) => each._debugCtx ?? 'a promise of the SDK');
}
