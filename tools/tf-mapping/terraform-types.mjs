// What the Terraform AWS provider declares, from the output of its schema command (README.md says where it is from).
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/**
 * One name of a block: an attribute or a nested block, with what its value is.
 * @typedef {{ name: string, block: boolean, many: boolean, map: boolean, fields?: Map<string, Field>,
 *   scalar: boolean, required: boolean, settable: boolean, computed: boolean, sensitive: boolean, set: boolean }} Field
 */

const COLLECTIONS = new Set(['list', 'set']);

/** @returns {Field} */
function attribute(name, declared) {
  let type = declared.type;
  const many = Array.isArray(type) && COLLECTIONS.has(type[0]);
  const map = Array.isArray(type) && type[0] === 'map';
  const set = many && type[0] === 'set';
  if (many || map) type = type[1];
  const object = Array.isArray(type) && type[0] === 'object';
  return {
    name,
    block: false,
    many,
    set,
    map,
    ...(object && {
      fields: new Map(
        Object.entries(type[1]).map(([inner, innerType]) => [
          inner,
          attribute(inner, { type: innerType, optional: true }),
        ]),
      ),
    }),
    scalar: typeof type === 'string',
    required: declared.required === true,
    settable: declared.required === true || declared.optional === true,
    computed: declared.computed === true,
    sensitive: declared.sensitive === true,
  };
}

/** @returns {Map<string, Field>} */
function fieldsOf(block) {
  const fields = new Map();
  for (const [name, declared] of Object.entries(block.attributes ?? {}))
    fields.set(name, attribute(name, declared));
  for (const [name, declared] of Object.entries(block.block_types ?? {})) {
    fields.set(name, {
      name,
      block: true,
      many: COLLECTIONS.has(declared.nesting_mode),
      set: declared.nesting_mode === 'set',
      map: false,
      fields: fieldsOf(declared.block),
      scalar: false,
      required: (declared.min_items ?? 0) > 0,
      settable: true,
      computed: false,
      sensitive: false,
    });
  }
  return fields;
}

/** As it is kept: `{ provider, resources: { type: { version, attributes, block_types } } }`. */
export function rawSchema() {
  const file = path.join(import.meta.dirname, 'terraform-aws-schema-6.47.1.json.br');
  return JSON.parse(brotliDecompressSync(readFileSync(file)).toString());
}

/** @returns {{ provider: string, types: Map<string, Map<string, Field>> }} */
export function terraformTypes() {
  const schema = rawSchema();
  return {
    provider: schema.provider,
    types: new Map(Object.entries(schema.resources).map(([type, declared]) => [type, fieldsOf(declared)])),
  };
}
