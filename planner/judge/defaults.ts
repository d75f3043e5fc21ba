import { isFields } from '../graph/values';
import { Mapping, type MappedShape, type TerraformExport } from '../export/terraform';
import type { Plan } from './judge';

/** A resource of a plan: what is set after it, and what is not known before. */
export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly after: { readonly [name: string]: unknown } | null;
    readonly after_unknown: { readonly [name: string]: unknown };
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

/** By URN, what the provider fills in, under Pulumi's names; objects only as far as something in them is filled in. */
export interface Defaults {
  readonly [urn: string]: { readonly [property: string]: unknown };
}

/** What a plan has set that the configuration did not say. */
export function defaultsOf(plan: Plan, exported: TerraformExport): Defaults {
  const configured = exported.configuration['resource'] as { [type: string]: { [label: string]: object } };
  const found: { [urn: string]: { [property: string]: unknown } } = {};
  for (const { address, type, change } of plan.resource_changes ?? []) {
    const resource = exported.resources.get(address);
    const mapped = resource && Mapping.load().resource(resource.token);
    if (!mapped || change.after === null) continue;
    const given = configured[type]?.[address.slice(type.length + 1)] ?? {};
    const added = filledIn(change.after, given, mapped);
    if (Object.keys(added).length > 0) found[resource.urn] = added;
  }
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function filledIn(after: object, given: object, shape: MappedShape): { [property: string]: unknown } {
  const added: { [property: string]: unknown } = {};
  const [set, said] = [after as { [name: string]: unknown }, given as { [name: string]: unknown }];
  for (const [property, input] of shape.inputs) {
    const value = set[input.name];
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    const own = said[input.name];
    if (input.object !== undefined) {
      const inner = Mapping.load().object(input.object);
      const items = Array.isArray(value) ? (value as unknown[]) : [value];
      const ownItems = own === undefined ? [] : Array.isArray(own) ? (own as unknown[]) : [own];
      // Sets have no order: items cannot be told apart once there are several.
      if (ownItems.length > 1 || items.length !== Math.max(1, ownItems.length)) continue;
      const [item, ownItem] = [items[0], ownItems[0] ?? {}];
      if (!isFields(item) || !isFields(ownItem)) continue;
      const nested = filledIn(item, ownItem, inner);
      if (Object.keys(nested).length > 0) added[property] = input.wrap ? nested : [nested];
    } else if (own === undefined || own === null) added[property] = value;
  }
  return added;
}
