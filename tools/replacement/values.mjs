// Two different values for an attribute, by its type and name: plans read ARNs, networks and documents apart.

const ARN = 'arn:aws:iam::123456789012:role/';
const PAIRS = [
  ['alpha', 'beta'],
  [`${ARN}alpha`, `${ARN}beta`],
  ['{"Version":"2012-10-17","Id":"alpha"}', '{"Version":"2012-10-17","Id":"beta"}'],
  ['[{"name":"alpha"}]', '[{"name":"beta"}]'],
  ['10.0.0.0/16', '10.1.0.0/16'],
  ['10.0.0.1', '10.0.0.2'],
  ['1', '2'],
  ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
  ['mon:04:00-mon:05:00', 'tue:04:00-tue:05:00'],
  ['true', 'false'],
];

/** The likeliest first. */
function texts(name) {
  const likely = /(_arn|_arns|^arn|role)$/.test(name)
    ? 1
    : /policy|document|definition|pattern/.test(name)
      ? 2
      : /cidr/.test(name)
        ? 4
        : 0;
  return [PAIRS[likely], ...PAIRS.filter((_, n) => n !== likely)];
}

/** @returns {[unknown, unknown][]} the pairs to try, in order; none where the type is of no use here */
export function pairsFor(type, name) {
  if (type === 'string') return texts(name);
  if (type === 'number')
    return [
      [1, 2],
      [30, 60],
      [1024, 2048],
    ];
  if (type === 'bool') return [[false, true]];
  if (!Array.isArray(type)) return [];
  const [kind, inner] = type;
  if (kind === 'map') return pairsFor(inner, name).map(([a, b]) => [{ key: a }, { key: b }]);
  if (kind === 'object') {
    const fields = Object.entries(inner);
    return fields.slice(0, 1).flatMap(([field, fieldType]) =>
      pairsFor(fieldType, field).map((pair) =>
        pair.map((value) => ({
          ...Object.fromEntries(fields.map(([other]) => [other, null])),
          [field]: value,
        })),
      ),
    );
  }
  return pairsFor(inner, name).map(([a, b]) => [[a], [b]]);
}

/** An object of a block with nothing in it. */
export function emptyBlock(block) {
  return {
    ...Object.fromEntries(Object.keys(block.attributes ?? {}).map((name) => [name, null])),
    ...Object.fromEntries(
      Object.entries(block.block_types ?? {}).map(([name, nested]) => [
        name,
        nested.nesting_mode === 'single' ? null : [],
      ]),
    ),
  };
}

/** A value of a block with all that is left out, at any depth: the protocol wants every name. */
export function complete(block, value) {
  const filled = { ...emptyBlock(block), ...value };
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) {
    if (filled[name] === '$given') filled[name] = pairsFor(type, name)[0]?.[0] ?? null;
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const inner = filled[name];
    if (Array.isArray(inner)) filled[name] = inner.map((each) => complete(nested.block, each));
    else if (inner !== null) filled[name] = complete(nested.block, inner);
  }
  return filled;
}
