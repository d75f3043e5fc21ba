// What @pulumi/aws declares of each resource: read as text, because loading 1,700 classes takes half a minute.
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The folder of the installed @pulumi/aws. */
export function sdkFolder() {
  return dirname(require.resolve('@pulumi/aws/package.json'));
}

export function sdkVersion(folder = sdkFolder()) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}

/**
 * Every resource class: its type token, class name, and inputs and outputs as `{ name, optional, type }`.
 * @throws Error where a class has no declaration that is understood, so that none is left out by silence
 */
export function resourceClasses(folder = sdkFolder()) {
  const classes = [];
  for (const file of globSync('**/*.js', { cwd: folder, exclude: ['**/node_modules/**'] })) {
    const token = /__pulumiType = ['"]([^'"]+)['"]/.exec(readFileSync(join(folder, file), 'utf8'))?.[1];
    if (token === undefined || token.startsWith('pulumi:')) continue;
    const declared = readFileSync(join(folder, file.replace(/js$/, 'd.ts')), 'utf8');
    const name = /export declare class (\w+)/.exec(declared)?.[1];
    const args = declared.indexOf(`export interface ${name}Args {`);
    if (name === undefined || args < 0) throw new Error(`${file}: no class with arguments is declared`);
    const state = declared.indexOf(`export interface ${name}State`);
    classes.push({
      type: token,
      name,
      inputs: members(declared.slice(args)),
      outputs: members(declared.slice(0, state < 0 ? args : state)),
    });
  }
  return classes.sort((a, b) => (a.type < b.type ? -1 : 1));
}

function members(text) {
  return [...text.matchAll(/^ {4}(?:readonly )?(\w+)(\??): (.*)$/gm)].map(([, name, optional, type]) => ({
    name,
    optional: optional === '?',
    type,
  }));
}
