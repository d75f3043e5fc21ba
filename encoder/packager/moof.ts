/** Timing and key-frame facts of one movie fragment (ISO/IEC 14496-12, section 8.8). */
import { boxes, MediaBoxError } from './boxes';

export interface SampleDefaults {
  readonly duration: number;
  readonly flags: number;
}

export interface FragmentTiming {
  /** Decode time of the first sample, in the track's ticks: `tfdt`, 64 bits. */
  readonly time: bigint;
  /** Sum of the samples' durations, in ticks. */
  readonly duration: number;
  readonly samples: number;
  /** Whether the first sample is a key frame, and whether any later one is. */
  readonly startsWithKeyFrame: boolean;
  readonly laterKeyFrame: boolean;
}

const NON_SYNC = 0x0001_0000;
/** More than the largest accepted moof can describe one by one: a trun may claim any number of equal ones. */
const MAX_SAMPLES = 1_000_000;

export function parseMoof(moof: Buffer, headerSize: number, trex: SampleDefaults): FragmentTiming {
  const trafs = [...boxes(moof, headerSize, moof.length)].filter((box) => box.type === 'traf');
  const traf = trafs[0];
  if (!traf || trafs.length > 1) {
    throw new MediaBoxError(`a moof with ${trafs.length} tracks; a stream carries one track`);
  }
  let defaults = trex;
  let time: bigint | undefined;
  let duration = 0;
  let samples = 0;
  let startsWithKeyFrame = false;
  let laterKeyFrame = false;
  for (const box of boxes(moof, traf.start, traf.end)) {
    if (box.type === 'tfhd') defaults = trackDefaults(moof, box.start, trex);
    else if (box.type === 'tfdt') {
      time =
        moof[box.start] === 1
          ? moof.readBigUInt64BE(box.start + 4)
          : BigInt(moof.readUInt32BE(box.start + 4));
    } else if (box.type === 'trun') {
      for (const sample of run(moof, box.start, box.end, defaults)) {
        const key = (sample.flags & NON_SYNC) === 0;
        if (samples === 0) startsWithKeyFrame = key;
        else if (key) laterKeyFrame = true;
        duration += sample.duration;
        if (++samples > MAX_SAMPLES) throw new MediaBoxError(`a moof of more than ${MAX_SAMPLES} samples`);
      }
    }
  }
  if (time === undefined) throw new MediaBoxError('a moof without tfdt');
  if (samples === 0) throw new MediaBoxError('a moof without samples');
  return { time, duration, samples, startsWithKeyFrame, laterKeyFrame };
}

function trackDefaults(moof: Buffer, start: number, trex: SampleDefaults): SampleDefaults {
  const flags = moof.readUInt32BE(start) & 0xff_ffff;
  let at = start + 8;
  if (flags & 0x1) at += 8;
  if (flags & 0x2) at += 4;
  let { duration, flags: sampleFlags } = trex;
  if (flags & 0x8) {
    duration = moof.readUInt32BE(at);
    at += 4;
  }
  if (flags & 0x10) at += 4;
  if (flags & 0x20) sampleFlags = moof.readUInt32BE(at);
  return { duration, flags: sampleFlags };
}

function* run(moof: Buffer, start: number, end: number, defaults: SampleDefaults): Generator<SampleDefaults> {
  const flags = moof.readUInt32BE(start) & 0xff_ffff;
  const count = moof.readUInt32BE(start + 4);
  let at = start + 8;
  if (flags & 0x1) at += 4;
  let firstFlags: number | undefined;
  if (flags & 0x4) {
    firstFlags = moof.readUInt32BE(at);
    at += 4;
  }
  const perSample = 4 * [0x100, 0x200, 0x400, 0x800].filter((bit) => flags & bit).length;
  if (at + perSample * count > end)
    throw new MediaBoxError(`a trun that says ${count} samples in ${end - start} bytes`);
  for (let i = 0; i < count; i++) {
    let { duration, flags: sampleFlags } = defaults;
    if (i === 0 && firstFlags !== undefined) sampleFlags = firstFlags;
    if (flags & 0x100) {
      duration = moof.readUInt32BE(at);
      at += 4;
    }
    if (flags & 0x200) at += 4;
    if (flags & 0x400) {
      sampleFlags = moof.readUInt32BE(at);
      at += 4;
    }
    if (flags & 0x800) at += 4;
    yield { duration, flags: sampleFlags };
  }
}
