/** `aws-media doctor`. */
import type { Command } from 'commander';
import { CHECKS, examine, formatReport } from '../encoder/doctor';
import { CommandError, EXIT_CODES } from './exit';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('examine this machine for running a channel')
    .option('--state <folder>', 'as it will be given to "local up"', '.aws-media/local')
    .option('--json', 'the report as JSON')
    .action(run);
}

async function run(flags: { state: string; json?: boolean }): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  let report;
  try {
    report = await examine({ checks: CHECKS, stateFolder: flags.state, signal: interrupted.signal });
  } catch (error) {
    if (interrupted.signal.aborted) throw new CommandError('interrupted');
    throw error;
  } finally {
    for (const signal of signals) process.removeListener(signal, interrupt);
  }
  process.stdout.write(
    flags.json ? `${JSON.stringify(report)}\n` : formatReport(report, process.stdout.columns),
  );
  if (!report.ok) process.exitCode = EXIT_CODES.failure;
}
