import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Context } from 'mocha';
import { skip } from '../support/skip';

const FINDER = resolve(__dirname, '../../../scripts/pulumi-engine.sh');

/**
 * The path of the Pulumi CLI, from a `before` hook. Where there is none the suite is skipped, or fails if
 * REQUIRE_PULUMI_ENGINE is 1.
 */
export function requireEngine(context: Context): string {
  const { status, stdout, stderr } = spawnSync(FINDER, ['--find'], { encoding: 'utf8', timeout: 10_000 });
  if (status === 0) return stdout.trim();
  const reason = 'there is no Pulumi CLI: make engine finds or builds one';
  if (status !== 69) throw new Error(`scripts/pulumi-engine.sh --find failed: ${stderr}`);
  if (process.env['REQUIRE_PULUMI_ENGINE'] === '1') throw new Error(reason);
  return skip(context, reason);
}
