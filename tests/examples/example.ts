/** The examples as their users run them, recorded in this process with the package of this build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { recordComponent } from '../../testing';
import { readProject } from '../../planner/record/project';
import { Recorded } from '../components/recorded';

export const FOLDER = path.resolve('examples');

/** By the names of their folders. */
export const EXAMPLES = readdirSync(FOLDER).filter((name) =>
  existsSync(path.join(FOLDER, name, 'Pulumi.yaml')),
);

const BUILT = path.resolve(__dirname, '../..');
const requireHere = createRequire(__filename);
const yaml = requireHere('js-yaml') as { load(text: string): unknown };

/** What a text of YAML says. */
export const parseYaml = (text: string): unknown => yaml.load(text);

const { exports: ENTRIES } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, { readonly default?: string }>>;
};

/** What an example imports: this build where it is the package, and the project's own packages otherwise. */
function load(id: string): unknown {
  const entry = id.replace(/^pulumi-aws-media\b/, '.');
  const file = entry === id ? undefined : ENTRIES[entry]?.default;
  return requireHere(file === undefined ? id : path.join(BUILT, path.relative('dist', file)));
}

const bundles = new Map<string, string>();

/** The program with the files of its own that it imports, as one module. */
function bundleOf(name: string): string {
  const known = bundles.get(name);
  if (known !== undefined) return known;
  const { outputFiles } = buildSync({
    ...{ entryPoints: [path.join(FOLDER, name, 'index.ts')], bundle: true, packages: 'external' },
    // Its own settings lead to the sources, which would then be part of the bundle.
    ...{ tsconfigRaw: {}, write: false, platform: 'node', format: 'cjs', target: 'node22' },
  });
  const text = outputFiles[0]!.text;
  bundles.set(name, text);
  return text;
}

function run(name: string): unknown {
  const file = path.join(FOLDER, name, 'index.js');
  const module = new Module(file) as Module & { _compile(code: string, file: string): void };
  module.require = load as NodeJS.Require;
  module._compile(bundleOf(name), file);
  return module.exports;
}

/** Records an example in its stack `dev`, by the defaults of its Pulumi.yaml but for what is given. */
export async function recordExample(
  name: string,
  config: Readonly<Record<string, string>> = {},
): Promise<Recorded> {
  const folder = path.join(FOLDER, name);
  const { name: project, configuration } = readProject(folder, 'dev', { config, secretConfig: {} });
  const graph = await recordComponent(() => run(name), {
    ...{ project, stack: 'dev', folder, config: configuration.values },
    secretKeys: configuration.secretKeys,
  });
  return new Recorded(graph);
}

const recordings = new Map<string, Promise<Recorded>>();

/** By the defaults; recorded once, however many tests ask. */
export function defaultsOf(name: string): Promise<Recorded> {
  let recording = recordings.get(name);
  if (recording === undefined) recordings.set(name, (recording = recordExample(name)));
  return recording;
}
