/** Processor time that one recording of a fleet takes: the reference load, and what each channel adds to it. */
import { recordReference } from '../tests/components/encode/fleet/fleet-recording';

const CHANNELS = 25;
const AIM_SECONDS = 3;
const ROUNDS = 5;

/** By the processor and not by the clock: other programs may have it meanwhile. */
async function seconds(channels: number): Promise<number> {
  const start = process.cpuUsage();
  await recordReference(channels);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

async function main(): Promise<void> {
  const first = await seconds(CHANNELS);
  const rounds: { few: number; all: number; many: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({ few: await seconds(5), all: await seconds(CHANNELS), many: await seconds(4 * CHANNELS) });
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const [few, all, many] = (['few', 'all', 'many'] as const).map((one) =>
    median(rounds.map((round) => round[one])),
  ) as [number, number, number];
  console.log(`${CHANNELS} channels, the first recording of the process   ${first.toFixed(2)} s`);
  console.log(`5 channels, median of ${ROUNDS}                           ${few.toFixed(2)} s`);
  console.log(`${CHANNELS} channels, median of ${ROUNDS}                          ${all.toFixed(2)} s`);
  console.log(`${4 * CHANNELS} channels, median of ${ROUNDS}                         ${many.toFixed(2)} s`);
  console.log(`100 / 25 channels                                 ${(many / all).toFixed(2)}`);
  console.log(
    `aim: ${CHANNELS} channels in less than ${AIM_SECONDS} s of one processor, in a process that has recorded nothing: ` +
      (first < AIM_SECONDS ? 'met' : 'missed'),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
