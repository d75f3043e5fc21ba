/** Records an environment of this package in this process: a third of the time that a process of its own takes. */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { format } from 'node:util';
import { CommandError } from './exit';
import type { Graph } from '../planner';
import type { RecordingFlags } from './recording';

/** What only a process of its own can be given, or what is asked for by flags. */
const ELSEWHERE = ['config', 'configFile', 'secretConfig', 'stackRef', 'answer'] as const;

/** Whether nothing is asked for that the recorder of programs alone does. */
export const isPlain = (flags: RecordingFlags): boolean =>
  ELSEWHERE.every((flag) => flags[flag] === undefined);

/**
 * The program is our own, so what it does to the process is known. That both recorders make the same graph of it is a test's to
 * prove (tests/planner/own-stack.test.ts).
 * @throws CommandError with what the program refuses
 */
export async function recordOwnStack(folder: string, stack: string, timeoutSeconds: number): Promise<Graph> {
  const [{ recordComponent }, { readProject }] = await Promise.all([
    import('../planner/record/component.js'),
    import('../planner/record/project.js'),
  ]);
  const project = readProject(realpathSync(folder), stack, { config: {}, secretConfig: {} });
  const { values, secretKeys } = project.configuration;
  const load = createRequire(__filename);
  // Places in the program are those in its sources, as Pulumi's own runner has them.
  process.setSourceMapsEnabled(true);
  // Without an engine Pulumi writes the program's messages to standard output, which belongs to the command.
  const { log } = console;
  console.log = (...words: unknown[]) =>
    void process.stderr.write(`${format(...words).replace('[runtime] ', '')}\n`);
  try {
    return await recordComponent(() => load(path.join(project.folder, project.entry)) as object, {
      ...{ project: project.name, stack, folder: project.folder, timeoutSeconds },
      ...{ config: values, secretKeys },
    });
  } catch (error) {
    throw new CommandError((error as Error).message);
  } finally {
    console.log = log;
  }
}
