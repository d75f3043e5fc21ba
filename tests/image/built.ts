/** Images as scripts/image.sh builds and proves them. */
import { execFile, spawnSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(__dirname, '../../..');
const SCRIPT = path.join(ROOT, 'scripts/image.sh');

/** Bytes of the layers as they are unpacked; a quarter above what was measured (docs/image.md). */
export const BUDGET = { encoder: 920e6, origin: 345e6 } as const;

/** A line that scripts/image.sh prints. */
export interface Built {
  readonly target: 'encoder' | 'origin';
  readonly architecture: string;
  readonly bytes: number;
  readonly proved: boolean;
  readonly layers: readonly { readonly bytes: number; readonly by: string }[];
  readonly config: {
    readonly User: string;
    readonly Env: readonly string[];
    readonly Entrypoint: readonly string[];
    readonly Cmd: readonly string[];
    readonly ExposedPorts: Readonly<Record<string, object>>;
    readonly Healthcheck: { readonly Test: readonly string[] };
    readonly Labels: Readonly<Record<string, string>>;
  };
}

/** @returns the exit code, and what was said without the script's name before it */
export function ask(...flags: readonly string[]): { readonly code: number | null; readonly said: string } {
  const { status, stderr } = spawnSync(SCRIPT, flags, { encoding: 'utf8' });
  return { code: status, said: stderr.replace(/^image: /, '').trim() };
}

/** @throws Error with everything that was said, where the build or the proof fails or takes longer */
export async function build(
  flags: readonly string[],
  timeoutMs: number,
): Promise<{ readonly built: ReadonlyMap<string, Built>; readonly said: string }> {
  const given = ['--dist', path.resolve(__dirname, '..', '..'), ...flags];
  const options = { maxBuffer: 2 ** 24, timeout: timeoutMs };
  const { stdout, stderr } = await promisify(execFile)(SCRIPT, given, options).catch(
    (error: Error & { stderr?: string }) => {
      throw new Error(`${error.message}\n${error.stderr ?? ''}`);
    },
  );
  const images = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Built);
  return { built: new Map(images.map((image) => [image.target, image])), said: stderr };
}
