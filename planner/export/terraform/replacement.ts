import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Mapping, type MappedShape } from './mapping';

/** What a change of an input does, by path: `rules[*].id`. */
export interface JudgedInputs {
  readonly replaces: readonly string[];
  /** In place. What is in neither list is not known. */
  readonly updates: readonly string[];
}

interface Written {
  readonly depth: number;
  readonly resources: {
    readonly [token: string]: {
      readonly depth?: number;
      readonly replaces?: readonly string[];
      readonly unknown?: readonly string[];
    };
  };
}

let loaded: { readonly [type: string]: JudgedInputs } | undefined;

/**
 * For each type of @pulumi/aws, the inputs that replace a resource when they change, and those that change in place, as
 * the AWS provider answered when each was changed alone (tools/replacement). What it compares with other inputs, or looks
 * up in AWS, may differ in a real change.
 */
export function judgedReplacements(): { readonly [type: string]: JudgedInputs } {
  loaded ??= load();
  return loaded;
}

function load(): { [type: string]: JudgedInputs } {
  // From dist/planner/export/terraform to the file in the package's own folder.
  const file = path.join(__dirname, '../../../../planner/export/terraform/replacement.json');
  const written = JSON.parse(readFileSync(file, 'utf8')) as Written;
  const mapping = Mapping.load();
  return Object.fromEntries(
    Object.entries(written.resources).map(
      ([type, { depth = written.depth, replaces = [], unknown = [] }]) => {
        const not = new Set([...replaces, ...unknown]);
        const asked = [...askedOf(mapping.resource(type)!, depth, mapping)];
        return [type, { replaces, updates: asked.filter((each) => !not.has(each)) }];
      },
    ),
  );
}

/** The inputs that were asked about. A block is one where all that is in it was: else more than was asked would be said. */
function* askedOf(shape: MappedShape, depth: number, mapping: Mapping, before = ''): Generator<string> {
  for (const [input, { object, block, wrap }] of shape.inputs) {
    const own = before === '' ? input : `${before}.${input}`;
    if (object === undefined || !block) yield own;
    else if (depth > 1) yield* askedOf(mapping.object(object), depth - 1, mapping, wrap ? own : `${own}[*]`);
  }
}
