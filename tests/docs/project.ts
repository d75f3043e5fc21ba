/** What documents may name: the files, tests and commands of this checkout. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';

export interface Project {
  /** Whether a path, or a pattern of paths, is of a file or folder of the checkout. */
  readonly has: (pattern: string) => boolean;
  /** Full names of all tests, as far as they stand in the sources: a suite's and a test's. */
  readonly testNames: readonly string[];
  readonly makeTargets: readonly string[];
  /** What is wrong with a line of the shell that calls `aws-media`: no such command, argument or flag. */
  readonly commandProblem: (line: string) => string | undefined;
}

export function readProject(root = process.cwd()): Project {
  const program = commandLine(root);
  return {
    has: (pattern) => globSync(pattern, { cwd: root }).length > 0,
    testNames: testNames(root),
    makeTargets: [...readFileSync(path.join(root, 'Makefile'), 'utf8').matchAll(/^([a-z0-9-]+):(?!=)/gm)].map(
      (match) => match[1]!,
    ),
    commandProblem: (line) => problemOf(program, line),
  };
}

const TITLE =
  /\b(describe|it)(?:\.\w+)?\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g;

function testNames(root: string): string[] {
  return globSync('tests/**/*.ts', { cwd: root }).flatMap((file) => {
    const found = [...readFileSync(path.join(root, file), 'utf8').matchAll(TITLE)];
    let suite = '';
    return found.flatMap(([, kind, ...quoted]) => {
      const title = (quoted.find((each) => each !== undefined) ?? '').replaceAll('\\', '');
      if (kind === 'describe') suite = title;
      return kind === 'describe' ? [] : [`${suite} ${title}`];
    });
  });
}

/** The command as `cli/main.ts` builds it, which itself can't be loaded: it would run. */
function commandLine(root: string): Command {
  const main = readFileSync(path.join(root, 'cli', 'main.ts'), 'utf8');
  const program = new Command('aws-media').option('--version').option('--help');
  for (const [, add, file] of main.matchAll(/^import \{ (add\w+) \} from '\.\/([\w-]+)';$/gm)) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- which files these are is read from main.ts
    const module = require(path.join(__dirname, '..', '..', 'cli', file!)) as Record<string, unknown>;
    (module[add!] as (program: Command) => void)(program);
  }
  if (program.commands.length === 0) throw new Error('cli/main.ts adds no command: read it otherwise here');
  return program;
}

function problemOf(program: Command, line: string): string | undefined {
  const words = line.trim().split(/\s+/);
  let at = program;
  for (const [index, word] of words.slice(1).entries()) {
    if (/^[|>;&#)]|^2>/.test(word)) return undefined;
    if (word.startsWith('-')) {
      const flag = word.split('=')[0]!;
      const known =
        flag === '--help' || at.options.some(({ short, long }) => flag === short || flag === long);
      if (!known && /^--?[a-z]/.test(flag)) return `${commandName(at)} has no flag ${flag}`;
      continue;
    }
    const next = at.commands.find((command) => command.name() === word || command.aliases().includes(word));
    if (next !== undefined) at = next;
    else if (at.commands.length > 0 && !words[index]!.startsWith('-'))
      return `${commandName(at)} has no command ${word}`;
  }
  return undefined;
}

function commandName(command: Command): string {
  return command.parent === null ? command.name() : `${commandName(command.parent)} ${command.name()}`;
}
