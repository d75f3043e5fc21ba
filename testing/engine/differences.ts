import { nameInput } from '../../planner/doubles';
import { replacing } from './replace-rules';
import { changed, type Properties } from './properties';
import { providerPb } from './sdk';

/** A resource before and after, as Diff is told. */
export interface Change {
  readonly type: string;
  readonly before: Properties;
  readonly after: Properties;
  /** Where the resource is now, and where it is to be; undefined for what is in no region. */
  readonly regions: readonly [now: string | undefined, then: string | undefined];
}

/** The answer of Diff: what differs, and what of it replaces. */
export function diffOf({ type, before, after, regions: [now, then] }: Change) {
  const moved = now !== undefined && then !== undefined && now !== then;
  const changes = [...new Set([...changed(before, after), ...(moved ? ['region'] : [])])];
  const replaced = [
    ...replacing(
      type,
      changes.filter((input) => input !== 'region'),
      before,
      after,
    ),
    ...(moved ? ['region'] : []),
  ];
  const name = nameInput(type);
  const keepsName = name !== undefined && after[name] !== undefined && !changes.includes(name);
  // Two of one name cannot exist together; a generated name would be generated anew.
  return differences(changes, replaced, before, after).setDeletebeforereplace(
    replaced.length > 0 && keepsName && !generated(after).includes(name),
  );
}

/** The answer for a provider's own configuration, of which nothing replaces the provider. */
export function configDiffOf(before: Properties, after: Properties) {
  return differences(changed(before, after), [], before, after);
}

function generated(inputs: Properties): readonly unknown[] {
  return Array.isArray(inputs['__defaults']) ? inputs['__defaults'] : [];
}

function differences(
  changes: readonly string[],
  replacing: readonly string[],
  before: Properties,
  after: Properties,
) {
  const { DiffResponse, PropertyDiff } = providerPb;
  const response = new DiffResponse()
    .setChanges(changes.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList([...changes])
    .setReplacesList([...replacing])
    .setHasdetaileddiff(true);
  const { Kind } = PropertyDiff;
  for (const input of changes) {
    const replaced = replacing.includes(input);
    let kind = replaced ? Kind.UPDATE_REPLACE : Kind.UPDATE;
    if (before[input] === undefined) kind = replaced ? Kind.ADD_REPLACE : Kind.ADD;
    else if (after[input] === undefined) kind = replaced ? Kind.DELETE_REPLACE : Kind.DELETE;
    const one = new PropertyDiff();
    one.setKind(kind);
    one.setInputdiff(true);
    response.getDetaileddiffMap().set(input, one);
  }
  return response;
}
