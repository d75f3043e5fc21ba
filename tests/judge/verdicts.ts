/** The kept verdicts: what the provider said, and of which configuration. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportTerraform } from '../../planner/export/terraform';
import { PROVIDER_VERSION, type Verdict } from '../../planner/judge';
import { same } from '../../planner/graph/values';
import type { Graph } from '../../planner';

const FOLDER = path.resolve(__dirname, '../../../tests/judge/verdicts');

export interface KeptVerdict {
  /** `hashicorp/aws 6.47.1` */
  readonly judge: string;
  /** SHA-256 of the configuration that was judged, in hexadecimal. */
  readonly configuration: string;
  readonly findings: Verdict['findings'];
  readonly notJudged: Verdict['gaps'];
  readonly defaults: Verdict['defaults'];
}

export const fileOf = (name: string): string => path.join(FOLDER, `${name}.json`);

/** Hashes of files that are built here: the provider does not look into them, and they change with every line of the runtime. */
const withoutContents = (text: string): string =>
  text
    .replace(/asset-[0-9a-f]{16}/g, 'asset')
    .replace(/(\d+\.\d+\.\d+)-[0-9a-f]{12}-(encoder|origin)-(amd64|arm64)/g, '$1-$2-$3');

/** Of what is exported for the judge, so of everything that it sees. */
export function configurationHash(graph: Graph): string {
  const { configuration } = exportTerraform(graph, { secrets: 'unknown', lifecycle: false });
  return createHash('sha256')
    .update(withoutContents(JSON.stringify(configuration)))
    .digest('hex');
}

export function keptVerdict(name: string): KeptVerdict | undefined {
  const file = fileOf(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KeptVerdict) : undefined;
}

/** @returns whether it says something else than the one before */
export async function keepVerdict(name: string, graph: Graph, verdict: Verdict): Promise<boolean> {
  const kept: KeptVerdict = {
    judge: `hashicorp/aws ${PROVIDER_VERSION}`,
    configuration: configurationHash(graph),
    findings: verdict.findings,
    notJudged: verdict.gaps,
    defaults: verdict.defaults,
  };
  const before = keptVerdict(name);
  const plain = JSON.parse(JSON.stringify(kept)) as KeptVerdict;
  if (before !== undefined && same(before, plain)) return false;
  await writeFile(fileOf(name), `${JSON.stringify(plain, null, 2)}\n`);
  return true;
}
