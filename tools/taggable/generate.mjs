// Writes testing/checks/taggable-types.ts: the types of @pulumi/aws that take tags.
//   node tools/taggable/generate.mjs          writes
//   node tools/taggable/generate.mjs --check  exits with 1 where the file is not what it would write
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { resourceClasses, sdkVersion } from './sdk.mjs';

const ROOT = join(import.meta.dirname, '../..');
const FILE = join(ROOT, 'testing/checks/taggable-types.ts');

/** `tags` and `tagsAll`: the provider's mark of a resource that AWS keeps tags for. */
const takesTags = ({ inputs, outputs }) =>
  inputs.some(({ name }) => name === 'tags') && outputs.some(({ name }) => name === 'tagsAll');

/** A list of key, value and where they go, and no tagsAll: default tags do not reach them. */
const takesTagList = ({ inputs }) =>
  inputs.some(({ name, type }) => name === 'tags' && /Tag>\[\]/.test(type));

const classes = resourceClasses();
const typesOf = (which) => classes.filter(which).map(({ type }) => type);
const text = `// Written by tools/taggable/generate.mjs; not by hand.

/** The version of @pulumi/aws that the lists are of. */
export const TAGGABLE_SDK_VERSION = ${JSON.stringify(sdkVersion())};

/** Types with \`tags\` and \`tagsAll\`: the provider's default tags reach them. */
export const TAGGABLE_TYPES: readonly string[] = ${JSON.stringify(typesOf(takesTags))};

/** Types whose \`tags\` are a list of key and value; default tags do not reach them. */
export const LIST_TAGGED_TYPES: readonly string[] = ${JSON.stringify(typesOf(takesTagList))};
`;
const formatted = await format(text, { ...(await resolveConfig(FILE)), filepath: FILE });

if (!process.argv.includes('--check')) writeFileSync(FILE, formatted);
else if (current() !== formatted) {
  console.error('testing/checks/taggable-types.ts is not of the installed @pulumi/aws; run');
  console.error('  node tools/taggable/generate.mjs');
  process.exitCode = 1;
}

function current() {
  try {
    return readFileSync(FILE, 'utf8');
  } catch {
    return '';
  }
}
