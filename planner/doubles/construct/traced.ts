import { WIRE, holdsSecret, isFields, isSecret, reveal, secret } from '../../graph/values';

/** A value as it is on the wire, and the URNs of the resources that it comes from. */
export class Traced {
  readonly wire: unknown;
  readonly urns: readonly string[];

  constructor(wire: unknown, urns: Iterable<string> = []) {
    this.wire = wire;
    this.urns = [...new Set(urns)].sort();
  }

  get isUnknown(): boolean {
    return holdsUnknown(this.wire);
  }

  /** False for one that is not there; an unknown one is. */
  get isGiven(): boolean {
    return this.wire !== undefined && this.wire !== null;
  }
}

/** One of these with others inside it, at any depth, as one. Fields that are not there are left out. */
export function traced(value: unknown): Traced {
  const urns = new Set<string>();
  return new Traced(collapsed(value, urns), urns);
}

function collapsed(value: unknown, urns: Set<string>): unknown {
  if (value instanceof Traced) {
    for (const urn of value.urns) urns.add(urn);
    return value.wire;
  }
  if (Array.isArray(value)) return value.map((item) => collapsed(item, urns));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, collapsed(item, urns)] as const)
      .filter(([, item]) => item !== undefined),
  );
}

/** What is made of values: unknown where one of them is, secret where one of them is, from all that they are from. */
export function derived(values: unknown, make: (plain: never) => unknown): Traced {
  const { wire, urns } = traced(values);
  if (holdsUnknown(wire)) return new Traced(WIRE.unknown, urns);
  const made = make(reveal(wire) as never);
  return new Traced(holdsSecret(wire) && made !== undefined ? secret(made) : made, urns);
}

/** A field at a path, by names and positions; unknown where what it is in is. */
export function at(value: Traced, ...path: readonly (string | number)[]): Traced {
  let wire = value.wire;
  let hidden = false;
  for (const step of path) {
    while (isSecret(wire)) {
      hidden = true;
      wire = wire.value;
    }
    if (wire === WIRE.unknown) return new Traced(WIRE.unknown, value.urns);
    if (Array.isArray(wire)) wire = typeof step === 'number' ? (wire as unknown[])[step] : undefined;
    else wire = isFields(wire) ? wire[step] : undefined;
  }
  return new Traced(hidden && wire !== undefined && !isSecret(wire) ? secret(wire) : wire, value.urns);
}

/** The members of a list whose length is known; undefined where there is no list, or it is unknown as a whole. */
export function items(value: Traced | undefined): Traced[] | undefined {
  const list = value && isSecret(value.wire) ? value.wire.value : value?.wire;
  return value && Array.isArray(list) ? list.map((_, n) => at(value, n)) : undefined;
}

/** Keys at every depth in the order of the alphabet, as Pulumi's engine hands them to a provider. */
export function inKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, inKeyOrder(item)]),
  );
}

export function holdsUnknown(wire: unknown): boolean {
  if (wire === WIRE.unknown) return true;
  if (Array.isArray(wire)) return wire.some(holdsUnknown);
  return isFields(wire) && Object.values(wire).some(holdsUnknown);
}

/** Fields over fields, the last one wins; unknown or secret as a whole where one of the parts is. */
export function merged(
  ...parts: readonly (Traced | { readonly [name: string]: unknown } | undefined)[]
): Traced {
  const all = parts.map((part) => traced(part));
  const urns = all.flatMap((part) => part.urns);
  if (all.some(({ wire }) => wire === WIRE.unknown)) return new Traced(WIRE.unknown, urns);
  const fields = all.map(({ wire }) => (isSecret(wire) ? wire.value : wire));
  const one = Object.assign({}, ...fields.filter(isFields)) as unknown;
  return new Traced(all.some(({ wire }) => isSecret(wire)) ? secret(one) : one, urns);
}

/** The fields of a value, each by itself. */
export function fieldsOf(value: Traced | undefined): { readonly [name: string]: Traced } {
  if (!value) return {};
  const plain = isSecret(value.wire) ? value.wire.value : value.wire;
  return Object.fromEntries(isFields(plain) ? Object.keys(plain).map((name) => [name, at(value, name)]) : []);
}
