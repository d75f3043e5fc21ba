/** njs, the engine that CloudFront's runtime is built on: what it does with a function is no opinion of ours. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EdgeEvent, EdgeOptions } from '../../../../testing/edge';

/** @returns its version, or undefined where there is none */
export function njsVersion(): string | undefined {
  const { status, stdout } = spawnSync('njs', ['-v'], { encoding: 'utf8', timeout: 5000 });
  return status === 0 ? stdout.trim() : undefined;
}

export interface NjsRun {
  /** What the handler returned for each event, or its error as `{ error }`. */
  readonly answers: readonly unknown[];
  /** Of the handler alone, over all events and rounds. */
  readonly millisecondsEach: number;
}

/** Runs the function over events, one process for all, `rounds` times each. */
export function runInNjs(
  code: string,
  events: readonly EdgeEvent[],
  { keyValueStore = {}, now }: EdgeOptions = {},
  rounds = 1,
): NjsRun {
  const folder = mkdtempSync(path.join(tmpdir(), 'njs-'));
  const script = path.join(folder, 'function.js');
  const store = JSON.stringify(keyValueStore);
  writeFileSync(
    script,
    `const store = ${store};
const cf = { kvs: () => ({
  get: (key) => store[key] === undefined ? Promise.reject(new Error('KeyNotFound')) : Promise.resolve(store[key]),
  exists: (key) => Promise.resolve(store[key] !== undefined),
}) };
const clock = Date.now;
${now === undefined ? '' : `Date.now = () => ${now};`}
${code.replace(/^import cf from 'cloudfront';$/m, '')}
async function each(text) {
  try { return await handler(JSON.parse(text)); } catch (error) { return { error: String(error) }; }
}
async function all(texts, rounds) {
  const answers = [];
  const begun = clock();
  for (let round = 0; round < rounds; round++)
    for (let i = 0; i < texts.length; i++) answers[i] = await each(texts[i]);
  console.log(clock() - begun);
  // One a line: njs cuts a line at 2,048 characters.
  for (let i = 0; i < answers.length; i++) console.log(JSON.stringify(answers[i]));
}
all(${JSON.stringify(events.map((event) => JSON.stringify(event)))}, ${rounds});
`,
  );
  try {
    const { stdout, stderr, status } = spawnSync('njs', [script], { encoding: 'utf8', timeout: 15_000 });
    const [milliseconds, ...lines] = stdout.trimEnd().split('\n');
    if (status !== 0 || lines.length !== events.length) throw new Error(`njs: ${stdout}${stderr}`);
    return {
      answers: lines.map((line) => JSON.parse(line) as unknown),
      millisecondsEach: Number(milliseconds) / (events.length * rounds),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
