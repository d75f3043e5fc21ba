/** How far the NVENC lists get on a machine without an NVIDIA driver, and that they get no less far. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { LADDERS, LADDER_NAMES, type VideoRung } from '../../../encoder/contract';
import { ffmpegArguments } from '../../../encoder/ffmpeg/arguments';
import { nvencCodec } from '../../../encoder/ffmpeg/nvenc';
import { skip } from '../../support/skip';
import { everyJob } from './jobs';

const NO_DRIVER = 'Cannot load libcuda.so.1';

/** Its errors, without the parts' names and addresses. */
function ffmpeg(list: readonly string[]): { code: number | null; errors: string[] } {
  const { status, stderr } = spawnSync('ffmpeg', list, {
    input: Buffer.alloc(1 << 16),
    timeout: 20_000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  const errors = stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^(\[[^\]]*\] )+/, ''));
  return { code: status, errors };
}

/** A rung's own options on pictures in memory, with which ffmpeg gets as far as opening the encoder. */
const encodeFromMemory = ({ width, height, bitDepth }: VideoRung, codec: readonly string[]) => [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
  ...['-f', 'lavfi', '-i', `color=black:s=${width}x${height}:r=30:d=0.1`],
  ...['-pix_fmt', bitDepth === 10 ? 'p010le' : 'nv12', ...codec, '-f', 'null', '-'],
];

describe('NVENC without a driver', function () {
  this.timeout(60_000);

  before(function () {
    const { errors } = ffmpeg(encodeFromMemory(LADDERS.tiny.video[0], ['-c:v', 'h264_nvenc']));
    if (errors[0] !== NO_DRIVER) {
      skip(
        this,
        `this machine does not stop NVENC at its driver (${errors[0] ?? 'it encodes'}): run it on one without an NVIDIA driver`,
      );
    }
  });

  for (const name of LADDER_NAMES) {
    it(`${name}: every rung's options are taken with their values, and opening the encoder stops at libcuda`, () => {
      for (const rung of LADDERS[name].video) {
        const { code, errors } = ffmpeg(encodeFromMemory(rung, nvencCodec(rung, '30')));
        expect(code, rung.id).to.not.equal(0);
        expect(errors[0], rung.id).to.equal(NO_DRIVER);
      }
    });
  }

  for (const { ladder, source, job } of everyJob().filter(({ engine }) => engine === 'nvenc')) {
    const reach =
      source.kind === 'file'
        ? 'inputs, filters and outputs are made; opening the decoder stops at libcuda'
        : 'every option is known and inputs open; making the upload filter stops at libcuda';
    it(`${ladder}, source ${source.kind}: ${reach}`, () => {
      // Pictures from memory, since no one feeds the pipe.
      const list = ffmpegArguments(job);
      const fed = list.map((one, i) => {
        if (!/^pipe:\d+$/.test(one)) return one;
        return list[i - 1] === '-i' ? '/dev/zero' : '/dev/null';
      });
      const { code, errors } = ffmpeg(['-y', ...fed]);
      expect(code).to.not.equal(0);
      expect(errors[0]).to.equal(NO_DRIVER);
      expect(errors.join('\n')).to.match(
        source.kind === 'file'
          ? /Device setup failed for decoder on input stream #0:0/
          : /Error initializing filter 'hwupload_cuda'/,
      );
    });
  }

  const rung = LADDERS['hevc-720p'].video[0];
  const wrong: [string, (list: string[]) => string[], RegExp][] = [
    [
      'a misspelt option',
      (list) => list.map((one) => (one === '-no-scenecut' ? '-no-scenecuts' : one)),
      /^Unrecognized option 'no-scenecuts'/,
    ],
    [
      'a preset that does not exist',
      (list) => list.map((one) => (one === 'p3' ? 'p9' : one)),
      /Undefined constant or missing '\(' in 'p9'/,
    ],
    [
      'a profile of another codec',
      (list) => list.map((one) => (one === 'main' ? 'high444p' : one)),
      /Undefined constant or missing '\(' in 'high444p'/,
    ],
  ];
  for (const [what, change, message] of wrong) {
    it(`does not get as far with ${what}`, () => {
      const { code, errors } = ffmpeg(encodeFromMemory(rung, change(nvencCodec(rung, '30'))));
      expect(code).to.not.equal(0);
      expect(errors[0]).to.match(message);
      expect(errors.join('\n')).to.not.contain(NO_DRIVER);
    });
  }
});
