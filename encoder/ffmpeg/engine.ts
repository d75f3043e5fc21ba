/** Which engine encodes a ladder here, found out by encoding: a list of encoders says nothing of a driver. */
import { spawn } from 'node:child_process';
import type { Ladder, VideoRung } from '../contract';
import type { Engine } from './job';
import { nvencTrial } from './nvenc';

export const ENGINE_CHOICES = ['auto', 'nvenc', 'software'] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

export interface ChosenEngine {
  readonly engine: Engine;
  /** Why, as a sentence; where NVENC failed, with ffmpeg's own words. */
  readonly reason: string;
}

/** Runs ffmpeg to its end. Undefined: it succeeded; otherwise its first error. */
export type TrialRun = (list: readonly string[]) => Promise<string | undefined>;

/** The machine cannot do what was asked. */
export class EngineError extends Error {}

/**
 * `auto` takes NVENC where a short encode of each codec and depth of the ladder succeeds, else software.
 * @throws EngineError where NVENC was asked for and cannot encode the ladder: what failed, and what to do
 */
export async function chooseEngine(
  choice: EngineChoice,
  ladder: Ladder,
  run: TrialRun = runFfmpeg,
): Promise<ChosenEngine> {
  if (choice === 'software') return { engine: 'software', reason: 'software was asked for' };
  const failures: string[] = [];
  for (const [name, rung] of kinds(ladder)) {
    const failure = await run(nvencTrial(rung));
    if (failure !== undefined) failures.push(`${name}: ${failure}`);
  }
  if (failures.length === 0)
    return { engine: 'nvenc', reason: `NVENC encoded ${[...kinds(ladder).keys()].join(', ')}` };
  const said = failures.join('; ');
  if (choice === 'auto') return { engine: 'software', reason: `NVENC cannot be used here (${said})` };
  throw new EngineError(
    `NVENC was asked for and cannot encode this ladder here: ${said}. It needs an NVIDIA GPU with NVENC for ` +
      'these codecs (AV1: Ada or newer, and ffmpeg 6.0 or newer), and its driver in reach of this process (in a ' +
      'container the NVIDIA runtime with NVIDIA_DRIVER_CAPABILITIES=video,compute,utility). Otherwise choose ' +
      'auto or software, or a ladder of other codecs.',
  );
}

/** One rung of each codec and depth: the smallest, for the shortest trial. */
function kinds(ladder: Ladder): ReadonlyMap<string, VideoRung> {
  const found = new Map<string, VideoRung>();
  for (const rung of ladder.video) {
    const name = `${rung.codec} ${rung.bitDepth} bit`;
    const other = found.get(name);
    if (!other || rung.width * rung.height < other.width * other.height) found.set(name, rung);
  }
  return found;
}

const TRIAL_MS = 20_000;

const runFfmpeg: TrialRun = (list) =>
  new Promise((resolve) => {
    const child = spawn('ffmpeg', list, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: TRIAL_MS,
      killSignal: 'SIGKILL',
    });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    child.once('error', (error) => resolve(`ffmpeg could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(undefined);
      const lines = log.split('\n').filter((line) => line.trim() !== '');
      if (signal) return resolve(`ffmpeg did not end within ${TRIAL_MS / 1000} s`);
      // The first line is the cause, the later ones what followed from it. Without the name and address of the part.
      resolve(lines[0]?.replace(/^\[[^\]]*\] /, '') ?? `ffmpeg ended with code ${code}`);
    });
  });
