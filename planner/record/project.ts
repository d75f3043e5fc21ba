import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isFields } from '../graph/values';
import type { Fields } from '../graph/values';
import type { StackConfiguration } from './stack-configuration';

export interface Project {
  readonly name: string;
  /** The folder of Pulumi.yaml. */
  readonly root: string;
  /** The folder that the program runs in. */
  readonly folder: string;
  /** What is run, relative to `folder`; `.` is what `package.json` says, or `index`. */
  readonly entry: string;
  readonly runtime: RuntimeOptions;
  readonly configuration: StackConfiguration;
}

/** `runtime.options` of Pulumi.yaml, with Pulumi's defaults. */
export interface RuntimeOptions {
  /**
   * Whether the runner registers ts-node. Pulumi does unless Pulumi.yaml says no. Here it is also left out where there is
   * neither TypeScript nor a tsconfig.json in the program's folder, because to load it takes as long as the program.
   */
  readonly typescript: boolean;
  /** Relative to the program's folder. @default tsconfig.json there, if there is one */
  readonly tsconfig?: string;
  /** Arguments for Node. */
  readonly nodeargs: readonly string[];
}

export interface ConfigurationOverrides {
  /** By key, with or without the project's name before it; they win over the files. */
  readonly config: { readonly [key: string]: string };
  /** As `config`, and the values are secret. */
  readonly secretConfig: { readonly [key: string]: string };
  /** In place of Pulumi.<stack>.yaml. */
  readonly configFile?: string;
}

/** The reader of YAML that Pulumi itself uses, at the version that it asks for. */
const yaml = createRequire(require.resolve('@pulumi/pulumi'))('js-yaml') as { load(text: string): unknown };

/** In the order in which Node and Pulumi look for a program in a folder. */
const ENTRIES = ['index.js', 'index.mjs', 'index.cjs', 'index.ts', 'index.mts', 'index.cts'];

/** @throws Error that lists everything that is wrong with the project's files */
export function readProject(root: string, stack: string, overrides: ConfigurationOverrides): Project {
  const problems: string[] = [];
  const file = projectFileOf(root);
  if (!file) throw new Error(`no Pulumi.yaml in ${root}; give the folder of a Pulumi project`);
  const project = readYaml(file, problems);
  const name = project['name'];
  const runtimeName = isFields(project['runtime']) ? project['runtime']['name'] : project['runtime'];
  const runtimeOptions = runtimeOf(project['runtime'], problems);
  if (typeof name !== 'string')
    problems.push('Pulumi.yaml has no name; give the project one, as in name: media');
  if (runtimeName !== 'nodejs') {
    problems.push(`Pulumi.yaml: the runtime is ${String(runtimeName)}; only nodejs programs can be recorded`);
  }
  const settingsFile = overrides.configFile ?? stackFileOf(root, project, stack);
  if (overrides.configFile !== undefined && !existsSync(overrides.configFile))
    problems.push(`the configuration file ${overrides.configFile} does not exist`);
  const settings = settingsFile && existsSync(settingsFile) ? readYaml(settingsFile, problems) : {};
  const at = entryOf(root, project['main'], problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const configuration = configurationOf(String(name), project['config'], settings['config'], overrides);
  const runtime = {
    ...runtimeOptions,
    typescript: runtimeOptions.typescript && holdsTypeScript(at.folder),
  };
  return { name: String(name), root, ...at, runtime, configuration };
}

/** Packages that are installed, and folders that begin with a dot, are not looked into. */
function holdsTypeScript(folder: string): boolean {
  const entries = readdirSync(folder, { withFileTypes: true });
  return (
    entries.some(({ name }) => name === 'tsconfig.json' || /(?<!\.d)\.[cm]?tsx?$/.test(name)) ||
    entries.some(
      (entry) =>
        entry.isDirectory() &&
        !/^(\.|node_modules$)/.test(entry.name) &&
        holdsTypeScript(path.join(folder, entry.name)),
    )
  );
}

/** The stacks that a project has a file for, in the order of their names. */
export function stacksOf(root: string): string[] {
  const file = projectFileOf(root);
  const folder = file ? settingsFolderOf(root, readYaml(file, [])) : root;
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1] ?? []).sort();
}

function projectFileOf(root: string): string | undefined {
  return ['Pulumi.yaml', 'Pulumi.yml'].map((name) => path.join(root, name)).find((each) => existsSync(each));
}

function settingsFolderOf(root: string, project: Fields): string {
  // An older name of the same.
  const folder = project['stackConfigDir'] ?? project['config'];
  return typeof folder === 'string' ? path.resolve(root, folder) : root;
}

function stackFileOf(root: string, project: Fields, stack: string): string | undefined {
  const folder = settingsFolderOf(root, project);
  return [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`]
    .map((name) => path.join(folder, name))
    .find((each) => existsSync(each));
}

function runtimeOf(runtime: unknown, problems: string[]): RuntimeOptions {
  const options = isFields(runtime) && isFields(runtime['options']) ? runtime['options'] : {};
  const { typescript = true, tsconfig, nodeargs = '' } = options;
  const wrong = (name: string, kind: string) =>
    problems.push(`Pulumi.yaml: runtime.options.${name} must be ${kind}`);
  if (typeof typescript !== 'boolean') wrong('typescript', 'true or false');
  if (tsconfig !== undefined && typeof tsconfig !== 'string') wrong('tsconfig', 'the path of a file');
  if (typeof nodeargs !== 'string') wrong('nodeargs', 'a text, as on a command line');
  return {
    typescript: typescript !== false,
    ...(typeof tsconfig === 'string' && { tsconfig }),
    nodeargs: typeof nodeargs === 'string' ? words(nodeargs) : [],
  };
}

/** As a shell would part them: quotes keep spaces. */
function words(text: string): string[] {
  const found = text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g);
  return [...found].map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

function readYaml(file: string, problems: string[]): Fields {
  try {
    const content = yaml.load(readFileSync(file, 'utf8')) ?? {};
    if (isFields(content)) return content;
    problems.push(`${path.basename(file)} is not a list of names and values`);
  } catch (error) {
    problems.push(
      `${path.basename(file)} can't be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return {};
}

function entryOf(root: string, main: unknown, problems: string[]): { folder: string; entry: string } {
  let folder = root;
  if (typeof main === 'string') {
    const full = path.resolve(root, main);
    if (!existsSync(full))
      problems.push(`Pulumi.yaml: main is ${main}, which does not exist; build the program first`);
    // As the engine: a program's relative paths begin at its own folder.
    else if (!statSync(full).isDirectory()) return { folder: path.dirname(full), entry: path.basename(full) };
    folder = full;
  }
  const manifest = path.join(folder, 'package.json');
  const content: unknown = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {};
  const named = isFields(content) && (content['main'] !== undefined || content['exports'] !== undefined);
  // The runner finds these by itself, with or without ts-node.
  if (named || ['index.js', 'index.ts'].some((name) => existsSync(path.join(folder, name)))) {
    return { folder, entry: '.' };
  }
  const entry = ENTRIES.find((each) => existsSync(path.join(folder, each)));
  if (!entry && problems.length === 0) {
    problems.push(`no program in ${folder}: there is no ${ENTRIES.join(', ')}, and no main in package.json`);
  }
  return { folder, entry: entry ?? '.' };
}

/** Defaults of the project's file, then the stack's file, then the overrides. */
function configurationOf(
  project: string,
  defaults: unknown,
  settings: unknown,
  { config, secretConfig }: ConfigurationOverrides,
): StackConfiguration {
  const values: { [key: string]: string } = {};
  const secretKeys = new Set<string>();
  const full = (key: string) => (key.includes(':') ? key : `${project}:${key}`);
  const put = (key: string, value: unknown) => {
    const opened = withoutCiphertext(value, full(key));
    if (opened.secret) secretKeys.add(full(key));
    values[full(key)] = typeof opened.value === 'string' ? opened.value : JSON.stringify(opened.value);
  };
  for (const [key, value] of Object.entries(isFields(defaults) ? defaults : {})) {
    const given = isFields(value) ? (value['value'] ?? value['default']) : value;
    if (given === undefined || given === null) continue;
    put(key, given);
    if (isFields(value) && value['secret'] === true) secretKeys.add(full(key));
  }
  for (const [key, value] of Object.entries(isFields(settings) ? settings : {})) put(key, value);
  for (const [key, value] of Object.entries(config)) values[full(key)] = value;
  for (const [key, value] of Object.entries(secretConfig)) {
    values[full(key)] = value;
    secretKeys.add(full(key));
  }
  return { values, secretKeys: [...secretKeys].sort() };
}

/** An encrypted value can't be read without its passphrase, and needs not be: a text of its own stands in for it. */
function withoutCiphertext(value: unknown, at: string): { value: unknown; secret: boolean } {
  if (isFields(value)) {
    if (typeof value['secure'] === 'string' && Object.keys(value).length === 1) {
      return { value: `stand-in-for-secret-${at}`, secret: true };
    }
    const inner = Object.entries(value).map(
      ([key, item]) => [key, withoutCiphertext(item, `${at}.${key}`)] as const,
    );
    return {
      value: Object.fromEntries(inner.map(([key, each]) => [key, each.value])),
      secret: inner.some(([, each]) => each.secret),
    };
  }
  if (!Array.isArray(value)) return { value, secret: false };
  const items = value.map((item, n) => withoutCiphertext(item, `${at}[${n}]`));
  return { value: items.map((each) => each.value), secret: items.some((each) => each.secret) };
}
