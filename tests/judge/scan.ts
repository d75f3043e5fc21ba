/** Checkov over the kept plans, and the answers of docs/checkov.md. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';

const ROOT = path.resolve(__dirname, '../../..');
const PLANS = path.join(ROOT, 'tests/judge/plans');
const ANSWERS = path.join(ROOT, 'docs/checkov.md');
/** Each process starts in about 5 s, and looks at a plan in one. */
const SCAN_MS = 120_000;

export interface FailedCheck {
  readonly program: string;
  readonly check: string;
  readonly name: string;
  /** Terraform's address: `aws_s3_bucket.media_general`. */
  readonly resource: string;
}

/** One row of docs/checkov.md. */
export interface Answer {
  readonly check: string;
  readonly programs: readonly string[];
  readonly reason: string;
}

/** Keeps a plan, without what differs from run to run. */
export async function keepPlan(program: string, plan: object): Promise<void> {
  const kept = { ...plan, timestamp: undefined };
  await writeFile(planFile(program), gzipSync(JSON.stringify(kept), { level: 9 }));
}

const planFile = (program: string): string => path.join(PLANS, `${program}.json.gz`);

export const plannedPrograms = (): string[] =>
  readdirSync(PLANS)
    .map((name) => name.replace(/\.json\.gz$/, ''))
    .sort();

/** @returns what is missing where there is no Checkov */
export function findCheckov(): { readonly checkov: string } | { readonly missing: string } {
  const cache = process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache');
  const folder = path.join(cache, 'pulumi-aws-media');
  const found = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('checkov-')) : [];
  const ready = found.find((name) => existsSync(path.join(folder, name, '.complete')));
  if (ready === undefined) return { missing: 'there is no Checkov: make scan installs it' };
  return { checkov: path.join(folder, ready, 'bin/checkov') };
}

interface Report {
  readonly results: {
    readonly failed_checks: readonly { check_id: string; check_name: string; resource: string }[];
  };
}

/** Has plans scanned: each plan by its name, in one run of Checkov. */
export async function scan(
  checkov: string,
  plans: { readonly [program: string]: string },
): Promise<FailedCheck[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'aws-media-scan-'));
  try {
    const failed: FailedCheck[] = [];
    for (const [program, plan] of Object.entries(plans)) {
      const file = path.join(folder, `${program}.json`);
      await writeFile(file, plan);
      const { stdout } = await promisify(execFile)(
        checkov,
        [
          '-f',
          file,
          '--framework',
          'terraform_plan',
          '--skip-download',
          '--output',
          'json',
          '--compact',
          '--soft-fail',
          '--quiet',
        ],
        {
          timeout: SCAN_MS,
          maxBuffer: 256 * 2 ** 20,
          env: { PATH: process.env['PATH'], HOME: folder, LOG_LEVEL: 'ERROR' },
        },
      );
      const report = JSON.parse(stdout) as Report | readonly Report[];
      for (const { results } of Array.isArray(report) ? (report as readonly Report[]) : [report as Report]) {
        for (const { check_id, check_name, resource } of results.failed_checks) {
          failed.push({ program, check: check_id, name: check_name, resource });
        }
      }
    }
    return failed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function scanKept(checkov: string, programs = plannedPrograms()): Promise<FailedCheck[]> {
  const plans = programs.map((name): [string, string] => [
    name,
    gunzipSync(readFileSync(planFile(name))).toString(),
  ]);
  return scan(checkov, Object.fromEntries(plans));
}

/** The rows `| check | programs | why it is so |` of docs/checkov.md. */
export function answers(): Answer[] {
  return readFileSync(ANSWERS, 'utf8')
    .split('\n')
    .filter((line) => /^\| *CKV/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .map(([check = '', programs = '', reason = '']) => ({
      check: check.split(' ')[0]!,
      programs: programs.split(',').map((name) => name.trim().replaceAll('`', '')),
      reason,
    }));
}

export const answered = (failed: FailedCheck, all: readonly Answer[]): boolean =>
  all.some(
    ({ check, programs }) =>
      check === failed.check && programs.some((name) => name === 'all' || name === failed.program),
  );

/** One failed check as a line of a terminal. */
export const describeCheck = ({ program, check, name, resource }: FailedCheck): string =>
  `${program}: ${check} ${name} (${resource})`;
