/** How long `aws-media plan` takes for prod, as somebody waits for it: the command's whole run, with the program's. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';

const MAIN = path.resolve(__dirname, '../cli/main.js');
const AIM_SECONDS = 5;
const ROUNDS = 5;
const run = promisify(execFile);

interface Round {
  readonly seconds: number;
  /** Of the processor, by the command and the program; undefined where the system does not say. */
  readonly cpu: number | undefined;
}

/** Of the children that have ended, from Linux's /proc. */
function childrenSeconds(): number | undefined {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    // After the name: the 14th and 15th field, in hundredths of a second.
    return (Number(fields[13]) + Number(fields[14])) / 100;
  } catch {
    return undefined;
  }
}

async function round(stack: string): Promise<Round> {
  const [start, before] = [performance.now(), childrenSeconds()];
  const { stdout } = await run(process.execPath, [MAIN, 'plan', stack, '--json'], { maxBuffer: 1 << 28 });
  const seconds = (performance.now() - start) / 1000;
  const after = childrenSeconds();
  const { totals } = JSON.parse(stdout) as { totals: { resources: number } };
  if (totals.resources === 0) throw new Error(`the plan of ${stack} is empty`);
  return { seconds, cpu: before === undefined || after === undefined ? undefined : after - before };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function main(): Promise<void> {
  const results: Record<string, Round[]> = {};
  for (const stack of ['dev', 'prod']) {
    const rounds: Round[] = [];
    for (let n = 0; n < ROUNDS; n += 1) rounds.push(await round(stack));
    results[stack] = rounds;
    const cpu = rounds.flatMap((each) => each.cpu ?? []);
    const of = cpu.length > 0 ? `, ${median(cpu).toFixed(2)} s of the processor` : '';
    console.log(
      `${stack.padEnd(5)} median of ${ROUNDS}   ${median(rounds.map(({ seconds }) => seconds)).toFixed(2)} s${of}`,
    );
  }
  const prod = median(results['prod']!.map(({ seconds }) => seconds));
  console.log(`aim: prod planned in less than ${AIM_SECONDS} s: ${prod < AIM_SECONDS ? 'met' : 'missed'}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
