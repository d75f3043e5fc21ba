/** `aws-media lint <url|file>`. */
import type { Command } from 'commander';
import { formatReport, lint } from '../encoder/lint';
import { CommandError, EXIT_CODES } from './exit';

export function addLintCommand(program: Command): void {
  program
    .command('lint')
    .description('check an LL-HLS server, or a playlist file, by the rules of the protocol')
    .argument('<url|file>', 'a multivariant or media playlist')
    .option('--seconds <n>', 'how long to follow the playlists', seconds, 12)
    .option('--insecure', 'accept a self-signed certificate on loopback')
    .option('--json', 'the report as JSON')
    .action(run);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 1 && value <= 3600)) {
    throw new CommandError(
      `--seconds ${JSON.stringify(text)}: allowed is a number from 1 to 3600`,
      EXIT_CODES.usage,
    );
  }
  return value;
}

async function run(
  target: string,
  flags: { seconds: number; insecure?: boolean; json?: boolean },
): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  let report;
  try {
    report = await lint(target, {
      seconds: flags.seconds,
      signal: interrupted.signal,
      ...(flags.insecure && { insecure: true }),
    });
  } catch (error) {
    if (interrupted.signal.aborted) throw new CommandError('interrupted');
    throw new CommandError(`${target}: ${(error as Error).message}`, EXIT_CODES.usage);
  } finally {
    process.removeListener('SIGINT', interrupt);
  }
  process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : formatReport(report));
  if (!report.ok) process.exitCode = EXIT_CODES.failure;
}
