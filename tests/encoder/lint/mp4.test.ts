import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import { holdsKeyFrame, Mp4Error, readBoxes, readFragments, readInit } from '../../../encoder/lint/mp4';
import { avcSample, fragment, initSection } from './boxes';

/** One second of 30 frames with a key frame every 15, one fragment a frame; the fragments and the section before. */
function encode(codec: readonly string[]): Buffer {
  return execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=30:duration=1'],
      ...[...codec, '-g', '15', '-bf', '0', '-threads', '1'],
      ...['-movflags', '+cmaf+frag_every_frame+empty_moov+default_base_moof', '-f', 'mp4', '-'],
    ],
    { maxBuffer: 1 << 24 },
  );
}

function split(data: Buffer): { init: Buffer; media: Buffer } {
  const end = readBoxes(data).find(({ type }) => type === 'moov')?.end ?? 0;
  const tail = readBoxes(data).find(({ type }) => type === 'mfra')?.start ?? data.length;
  return { init: data.subarray(0, end), media: data.subarray(end, tail) };
}

describe('lint: reading MP4', () => {
  for (const [entry, codec] of [
    ['avc1', ['-c:v', 'libx264', '-preset', 'ultrafast', '-sc_threshold', '0']],
    [
      'hvc1',
      [
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-tag:v',
        'hvc1',
        '-x265-params',
        'log-level=none:scenecut=0:pools=1',
      ],
    ],
    [
      'hev1',
      [
        '-c:v',
        'libx265',
        '-preset',
        'ultrafast',
        '-tag:v',
        'hev1',
        '-x265-params',
        'log-level=none:scenecut=0:pools=1',
      ],
    ],
  ] as const) {
    it(`finds the time line and the key frames of ${entry} from ffmpeg`, function () {
      this.timeout(20_000);
      const { init, media } = split(encode(codec));
      const { tracks, fragmented } = readInit(init);
      expect(fragmented).to.equal(true);
      expect(tracks.map(({ handler, sampleEntry }) => [handler, sampleEntry])).to.deep.equal([
        ['vide', entry],
      ]);
      const fragments = readFragments(media, tracks);
      expect(fragments).to.have.length(30);
      const frame = BigInt((tracks[0]?.timescale ?? 0) / 30);
      expect(fragments.map(({ decodeTime }) => decodeTime)).to.deep.equal(
        fragments.map((_, index) => BigInt(index) * frame),
      );
      expect(
        fragments.every(({ duration, defaultBaseIsMoof }) => duration === frame && defaultBaseIsMoof),
      ).to.equal(true);
      const keys = (test: (index: number) => boolean | undefined): number[] =>
        fragments.flatMap((_, index) => (test(index) === true ? [index] : []));
      expect(keys((index) => fragments[index]?.startsWithSync)).to.deep.equal([0, 15]);
      expect(
        keys((index) => holdsKeyFrame(fragments[index]?.firstSample ?? Buffer.alloc(0), entry)),
      ).to.deep.equal([0, 15]);
    });
  }

  it('reads decode times beyond 2^53 exactly', () => {
    const { tracks } = readInit(initSection({ handler: 'vide', entry: 'avc1', timescale: 90_000 }));
    const data = fragment({
      decodeTime: 0,
      sampleTicks: 3000,
      samples: [avcSample(true, 1)],
      startsWithSync: true,
    });
    data.writeBigUInt64BE(2n ** 63n + 1n, data.indexOf('tfdt') + 8);
    expect(readFragments(data, tracks)[0]?.decodeTime).to.equal(2n ** 63n + 1n);
  });

  it('answers damaged bytes with an Mp4Error and nothing else', () => {
    const init = initSection({ handler: 'vide', entry: 'avc1', timescale: 1000 });
    const { tracks } = readInit(init);
    const media = fragment({
      decodeTime: 5,
      sampleTicks: 100,
      samples: [avcSample(true, 1), avcSample(false, 2)],
      startsWithSync: true,
    });
    const damaged = (whole: Buffer): fc.Arbitrary<Buffer> =>
      fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length)).map(([at, value, length]) => {
        const copy = Buffer.from(whole);
        copy.writeUInt8(value, at);
        return copy.subarray(0, length);
      });
    const survives = (read: () => unknown): boolean => {
      try {
        read();
        return true;
      } catch (error) {
        return error instanceof Mp4Error;
      }
    };
    fc.assert(
      fc.property(damaged(init), (data) => survives(() => readInit(data))),
      { numRuns: 400 },
    );
    fc.assert(
      fc.property(damaged(media), (data) => survives(() => readFragments(data, tracks))),
      { numRuns: 400 },
    );
  });
});
