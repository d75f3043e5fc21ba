/** The aws-media command: reads arguments, calls the rest, turns errors into messages and exit codes. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { addCapacityCommand } from './capacity';
import { addDoctorCommand } from './doctor';
import { CommandError, EXIT_CODES } from './exit';
import { addExportCommand } from './export';
import { addLadderCommand } from './ladder';
import { addLintCommand } from './lint';
import { addLocalCommands } from './local';
import { addPolicyCommands } from './policy';
import { addPlanCommand } from './plan';
import { addRecordCommand } from './record';
import { addSignCommand } from './sign';

async function main(): Promise<number> {
  const manifest = path.join(__dirname, '..', '..', 'package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const program = new Command('aws-media')
    .description('media infrastructure: run a live channel here, check an LL-HLS server, look into a stack')
    .version(version)
    .showHelpAfterError('(add --help for what is allowed)')
    .exitOverride();
  addLocalCommands(program);
  addLintCommand(program);
  addLadderCommand(program);
  addCapacityCommand(program);
  addDoctorCommand(program);
  addPolicyCommands(program);
  addPlanCommand(program);
  addRecordCommand(program);
  addExportCommand(program);
  addSignCommand(program);
  program.addHelpText(
    'after',
    '\nExit codes: 0 success, 1 failure or findings, 2 wrong usage, 3 nothing to do (not running, or already running)',
  );
  for (const command of allCommands(program)) command.exitOverride();
  try {
    await program.parseAsync();
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT_CODES.success;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.success : EXIT_CODES.usage;
    if (error instanceof CommandError) {
      process.stderr.write(`aws-media: ${error.message}\n`);
      return error.code;
    }
    throw error;
  }
}

const allCommands = (command: Command): Command[] => [command, ...command.commands.flatMap(allCommands)];

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(
      `aws-media: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = EXIT_CODES.failure;
  },
);
