/** `aws-media doctor` inside the image of the encoder: what of the checks is about a container, as the command has them. */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { CHECKS, examine, formatReport } from '.';

/** A channel that runs holds its ports, and no browser is in the image. */
const OUTSIDE = /^(?:port-|chromium$)/;

async function main(): Promise<number> {
  let json: boolean;
  try {
    ({ json = false } = parseArgs({ options: { json: { type: 'boolean' } } }).values);
  } catch (error) {
    process.stderr.write(`aws-media: ${(error as Error).message}; allowed: doctor [--json]\n`);
    return 2;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const report = await examine({
    checks: CHECKS.filter(({ id }) => !OUTSIDE.test(id)),
    stateFolder: os.tmpdir(),
    signal: interrupted.signal,
  });
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : formatReport(report, process.stdout.columns));
  return report.ok ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`aws-media: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
