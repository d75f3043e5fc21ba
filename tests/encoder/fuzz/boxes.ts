/** What must hold for any bytes that reach the packager: the reader and what it hands its fragments to. */
import { isDeepStrictEqual } from 'node:util';
import { tickGrid } from '../../../encoder/contract';
import { MediaBoxError } from '../../../encoder/packager/boxes';
import { BoxReader, type Fragment } from '../../../encoder/packager/box-reader';
import { PartCutter, TimingError } from '../../../encoder/packager/cutter';
import type { InitSegment } from '../../../encoder/packager/init';
import type { Random } from './random';

/** Processor time: far above what any of the inputs takes (20 ms for a million samples that a moof claims). */
const MOST_MS = 1000;
const GRID = tickGrid('29.97', 'lowest');

interface Outcome {
  readonly inits: readonly InitSegment[];
  readonly fragments: readonly Fragment[];
  /** The refusal, where there was one. */
  readonly refused: string | undefined;
}

function read(chunks: readonly Buffer[]): Outcome {
  const inits: InitSegment[] = [];
  const fragments: Fragment[] = [];
  const reader = new BoxReader({
    init: (init) => inits.push(init),
    fragment: (fragment) => fragments.push(fragment),
  });
  try {
    for (const chunk of chunks) reader.push(chunk);
    reader.end();
    return { inits, fragments, refused: undefined };
  } catch (error) {
    if (error instanceof MediaBoxError) return { inits, fragments, refused: error.message };
    throw new Error(`not a MediaBoxError: ${String(error)}`, { cause: error });
  }
}

function split(bytes: Buffer, random: Random): Buffer[] {
  const cuts = Array.from({ length: random.below(12) }, () => random.below(bytes.length + 1)).sort(
    (a, b) => a - b,
  );
  return [...cuts, bytes.length].map((end, i) => bytes.subarray(i === 0 ? 0 : cuts[i - 1], end));
}

/** @throws Error naming the property that does not hold. @returns whether the bytes were taken to their end */
export function checkBoxes(bytes: Buffer, random: Random): boolean {
  const began = process.cpuUsage();
  const whole = read([bytes]);
  for (const fragment of whole.fragments) checkFragment(fragment, bytes);
  checkInits(whole.inits, bytes);
  const total = whole.fragments.reduce((sum, { length }) => sum + length, 0);
  if (total > bytes.length) throw new Error(`${total} bytes of fragments out of ${bytes.length}`);
  const chunked = read(split(bytes, random));
  if (!isDeepStrictEqual(facts(whole), facts(chunked))) {
    throw new Error(`cut into chunks it reads otherwise: ${shown(whole)}, then ${shown(chunked)}`);
  }
  cut(whole);
  const took = process.cpuUsage(began).user / 1000;
  if (took > MOST_MS) throw new Error(`it took ${Math.round(took)} ms`);
  return whole.refused === undefined;
}

function checkFragment({ bytes, length, time, duration, samples }: Fragment, input: Buffer): void {
  const joined = Buffer.concat(bytes);
  if (joined.length !== length) throw new Error(`a fragment of ${joined.length} bytes says ${length}`);
  // What may stand between a moof and what is kept with it is dropped, so only moof and mdat are in one piece.
  const moof = joined.subarray(joined.lastIndexOf('moof') - 4);
  if (!input.includes(moof)) throw new Error('a fragment has bytes that did not come');
  if (time < 0n || time >= 2n ** 64n) throw new Error(`a fragment at ${time}`);
  if (!Number.isSafeInteger(duration) || duration < 0) throw new Error(`a fragment of ${duration} ticks`);
  if (!Number.isSafeInteger(samples) || samples < 1) throw new Error(`a fragment of ${samples} samples`);
}

function checkInits(inits: readonly InitSegment[], input: Buffer): void {
  if (inits.length > 1) throw new Error(`${inits.length} inits`);
  for (const { bytes, codecs, hash, timescale, width = 0, height = 0, channels = 0 } of inits) {
    if (bytes.length > input.length) throw new Error(`an init of ${bytes.length} bytes`);
    // It is written into playlists as it is.
    if (!/^[a-z0-9]{4}\.[0-9A-Za-z.]{1,60}$/.test(codecs))
      throw new Error(`the codec ${JSON.stringify(codecs)}`);
    if (!/^[0-9a-f]{32}$/.test(hash)) throw new Error(`the hash ${hash}`);
    for (const number of [timescale, width, height, channels]) {
      if (!Number.isSafeInteger(number) || number < 0) throw new Error(`the number ${number} in an init`);
    }
  }
}

/** The fragments reach the cutter, which either takes them or ends the generation. */
function cut({ inits, fragments }: Outcome): void {
  const kind = inits[0]?.kind;
  if (!kind) return;
  const cutter = new PartCutter(kind, 'track', GRID, () => undefined);
  try {
    for (const fragment of fragments) cutter.push(fragment);
  } catch (error) {
    if (!(error instanceof TimingError))
      throw new Error(`not a TimingError: ${String(error)}`, { cause: error });
  }
}

const facts = ({ inits, fragments, refused }: Outcome) => ({
  inits,
  refused,
  fragments: fragments.map(({ bytes, ...rest }) => ({
    ...rest,
    bytes: Buffer.concat(bytes).toString('latin1'),
  })),
});

const shown = ({ fragments, refused }: Outcome): string =>
  `${fragments.length} fragments, ${refused === undefined ? 'to the end' : JSON.stringify(refused)}`;
