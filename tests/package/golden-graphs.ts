/** The graphs that are kept for each version: what is recorded, and where it is. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as iam from '@pulumi/aws/iam';
import ts from 'typescript';
import { TieredSegmentStore } from '../../components';
import { recordProgram, type Graph } from '../../planner';
import { recordComponent } from '../../testing';
import { install, placeProgram } from './installed';

const GRAPHS = path.resolve('api/graphs');
const EXAMPLES = path.resolve('examples');
const CONFIG = { config: { 'aws:region': 'us-east-1' } };

/** Every argument, so that each child is there. */
function fullStore(): void {
  const store = new TieredSegmentStore('media', {
    zones: { a: { zoneId: 'use1-az4' }, b: { zoneId: 'use1-az6' } },
    allowUnlistedZones: false,
    distributions: {
      main: { distributionArn: 'arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE' },
    },
    dvr: '12 hours',
    archive: { keepFor: '90 days' },
    encryption: { type: 'kms' },
    environment: 'staging',
    protection: { protect: true, retainOnDelete: true, forceDestroy: false },
    tags: { team: 'video' },
  });
  const assumeRolePolicy = iam.assumeRolePolicyForPrincipal({ Service: 'ecs-tasks.amazonaws.com' });
  const role = new iam.Role('runtime', { assumeRolePolicy });
  store.grantWrite('news', role.name, { channels: ['news'], zones: ['a'] });
  store.grantRead('origin', role.name);
}

/** Examples that put components of the others together: what they would show is in those others' graphs. */
const COMPOSED = [
  'existing-bucket-cdn',
  'existing-vpc',
  'live-path',
  'second-region',
  'signed-playback',
  'test-your-stack',
];

/** By name: how each graph is recorded. Every example of one component is one. */
export function goldens(): ReadonlyMap<string, () => Promise<Graph>> {
  return new Map([
    [
      'tiered-segment-store-minimal',
      () => recordComponent(() => void new TieredSegmentStore('media'), CONFIG),
    ],
    ['tiered-segment-store-full', () => recordComponent(fullStore, CONFIG)],
    ...readdirSync(EXAMPLES)
      .filter((name) => !COMPOSED.includes(name))
      .map((name): [string, () => Promise<Graph>] => [`example-${name}`, () => recordExample(name)]),
  ]);
}

/** An example, in a copy that uses the installed package, as the team that copies it does. */
async function recordExample(name: string): Promise<Graph> {
  const folder = await placeProgram(path.join(EXAMPLES, name));
  const file = path.join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
    main?: string;
    dependencies?: Record<string, string>;
  };
  const { folder: home } = await install();
  for (const needed of Object.keys(manifest.dependencies ?? {})) {
    // Beside the package, which loads the optional ones itself.
    const link = path.join(home, 'node_modules', needed);
    if (existsSync(link)) continue;
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.resolve('node_modules', needed), link);
  }
  for (const source of await readdir(folder, { recursive: true })) {
    if (!source.endsWith('.ts') || source.includes('node_modules')) continue;
    const { outputText } = ts.transpileModule(readFileSync(path.join(folder, source), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
    });
    await writeFile(path.join(folder, source.replace(/\.ts$/, '.js')), outputText);
  }
  await writeFile(file, JSON.stringify({ ...manifest, main: manifest.main?.replace(/\.ts$/, '.js') }));
  return recordProgram({ folder, stack: 'dev' });
}

/** Without what differs from machine to machine or comes from other packages' versions. */
export function portable(graph: Graph): Graph {
  return {
    ...graph,
    resources: graph.resources.map(({ options, ...resource }) => ({
      ...resource,
      position: null,
      options: Object.fromEntries(Object.entries(options).filter(([name]) => name !== 'version')),
    })),
    providers: graph.providers.map((provider) => ({ ...provider, version: null })),
    unanswered: graph.unanswered.map((each) => ({ ...each, positions: [] })),
  };
}

/** Of all that are kept, the oldest first. */
export function versions(): string[] {
  if (!existsSync(GRAPHS)) return [];
  const parts = (version: string) => version.split(/[.-]/).map(Number);
  return readdirSync(GRAPHS).toSorted((a, b) => {
    const [left, right] = [parts(a), parts(b)];
    const n = left.findIndex((part, at) => part !== right[at]);
    return n === -1 ? 0 : left[n]! - (right[n] ?? 0);
  });
}

const fileOf = (version: string, name: string): string => path.join(GRAPHS, version, `${name}.json`);

export function readGolden(version: string, name: string): Graph | undefined {
  const file = fileOf(version, name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Graph) : undefined;
}

/** In the format of the repository's other files. */
export async function writeGolden(version: string, name: string, graph: Graph): Promise<void> {
  const { format, resolveConfig } = await import('prettier');
  const file = fileOf(version, name);
  await mkdir(path.dirname(file), { recursive: true });
  const style = (await resolveConfig(file)) ?? {};
  await writeFile(file, await format(JSON.stringify(graph), { ...style, parser: 'json' }));
}
