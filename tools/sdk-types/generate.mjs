// Writes planner/doubles/sdk-types.ts: the types of @pulumi/aws that take tags, those that
// Pulumi names, and what AWS decides of each.
//   node tools/sdk-types/generate.mjs          writes
//   node tools/sdk-types/generate.mjs --check  exits with 1 where the file is not what it would write
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { resourceClasses, sdkVersion } from './sdk.mjs';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'planner/doubles/sdk-types.ts');

/** `tags` and `tagsAll`: the provider's mark of a resource that AWS keeps tags for. */
const takesTags = ({ inputs, outputs }) =>
  inputs.some(({ name }) => name === 'tags') && outputs.some(({ name }) => name === 'tagsAll');

/** A list of key, value and where they go, and no tagsAll: default tags do not reach them. */
const takesTagList = ({ inputs }) =>
  inputs.some(({ name, type }) => name === 'tags' && /Tag>\[\]/.test(type));

/** A name that may be left out and is always there afterwards is one that Pulumi makes up. */
const isNamed = ({ inputs, outputs }) =>
  inputs.some(({ name, optional }) => name === 'name' && optional) &&
  outputs.some(({ name, type }) => name === 'name' && type === 'pulumi.Output<string>;');

/** What AWS decides, as text: an output that is no input and always there. */
const decided = ({ inputs, outputs }) =>
  outputs
    .filter(
      ({ name, type }) => type === 'pulumi.Output<string>;' && !inputs.some((input) => input.name === name),
    )
    .map(({ name }) => name);

const classes = resourceClasses();
const typesOf = (which) => classes.filter(which).map(({ type }) => type);
const text = `// Written by tools/sdk-types/generate.mjs; not by hand.

/** The version of @pulumi/aws that the lists are of. */
export const SDK_TYPES_VERSION = ${JSON.stringify(sdkVersion())};

/** Types with \`tags\` and \`tagsAll\`: the provider's default tags reach them. */
export const TAGGABLE_TYPES: readonly string[] = ${JSON.stringify(typesOf(takesTags))};

/** Types whose \`tags\` are a list of key and value; default tags do not reach them. */
export const LIST_TAGGED_TYPES: readonly string[] = ${JSON.stringify(typesOf(takesTagList))};

/** Types whose \`name\` may be left out and is always there afterwards: Pulumi makes it up. */
export const NAMED_TYPES: readonly string[] = ${JSON.stringify(typesOf(isNamed))};

/** By type, the outputs of text that AWS decides. */
export const DECIDED_OUTPUTS: { readonly [type: string]: readonly string[] } = ${JSON.stringify(
  Object.fromEntries(
    classes.map((each) => [each.type, decided(each)]).filter(([, names]) => names.length > 0),
  ),
)};
`;
const formatted = await format(text, { ...(await resolveConfig(FILE)), filepath: FILE });

if (!process.argv.includes('--check')) writeFileSync(FILE, formatted);
else if (current() !== formatted) {
  console.error('planner/doubles/sdk-types.ts is not of the installed @pulumi/aws; run');
  console.error('  node tools/sdk-types/generate.mjs');
  process.exitCode = 1;
}

function current() {
  try {
    return readFileSync(FILE, 'utf8');
  } catch {
    return '';
  }
}
