/** The campaigns, for a few seconds in every run and for minutes in the long one. */
import { checkBoxes } from './boxes';
import { mutateBoxes } from './box-mutations';
import { checkBundle, mutateBundle } from './bundles';
import { runCampaign, seedOf } from './campaign';
import { corpusFiles, corpusLines } from './corpus';
import { startRequestChannels } from './request-channels';
import { mutateRequest } from './request-mutations';

const KEEP = "To keep it: echo '<base64>' | base64 -d > tests/fixtures/corpus";

export interface BoxesFuzzed {
  readonly taken: number;
  readonly refused: number;
  /** By how much the memory of buffers was larger than at the start, at most. */
  readonly grownBytes: number;
}

export async function fuzzBoxes(seed: number, cases: number): Promise<BoxesFuzzed> {
  const corpus = corpusFiles('boxes').map(({ bytes }) => bytes);
  const before = process.memoryUsage().arrayBuffers;
  let [taken, refused, grownBytes] = [0, 0, 0];
  await runCampaign({
    seed: seedOf(seed),
    cases,
    make: (random) => mutateBoxes(corpus, random),
    check: (bytes, random) => {
      if (checkBoxes(bytes, random)) taken++;
      else refused++;
      // Asking costs as much as a case.
      if ((taken + refused) % 32 === 0) {
        grownBytes = Math.max(grownBytes, process.memoryUsage().arrayBuffers - before);
      }
    },
    describe: (bytes) => `${KEEP}/boxes/<what-it-is>.mp4\n${bytes.toString('base64')}`,
  });
  return { taken, refused, grownBytes };
}

export async function fuzzBundles(seed: number, cases: number): Promise<void> {
  const corpus = corpusFiles('bundles').map(({ bytes }) => bytes);
  await runCampaign({
    seed: seedOf(seed),
    cases,
    make: (random) => mutateBundle(random.pick(corpus), random),
    check: async (bytes) => {
      await checkBundle(bytes);
    },
    describe: (bytes) => `${KEEP}/bundles/<what-it-is>.bin\n${bytes.toString('base64')}`,
  });
}

/** @returns how many answers of each kind there were */
export async function fuzzRequests(seed: number, cases: number): Promise<ReadonlyMap<string, number>> {
  const corpus = corpusLines('requests.txt');
  const channels = await startRequestChannels();
  try {
    await runCampaign({
      seed: seedOf(seed),
      cases,
      make: (random) => mutateRequest(corpus, random),
      check: (target) => channels.check(target),
      describe: (target) => `To keep it, add this line to tests/fixtures/corpus/requests.txt:\n${target}`,
    });
    if (channels.rig.logged.length > 0)
      throw new Error(`logged as failures: ${channels.rig.logged.join('')}`);
    return channels.verdicts;
  } finally {
    await channels.close();
  }
}
