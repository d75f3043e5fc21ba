import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { AAC_FRAME_SAMPLES, LADDERS, withLanguages } from '../../../encoder/contract';
import { openInputSockets } from '../../../encoder/ffmpeg/input-sockets';
import { FfmpegUnderTest, secondsOf, type Track } from './ffmpeg-run';
import { jobOf } from './jobs';

const run = promisify(execFile);
const HZ = 48_000;

async function decode({ inits, fragments }: Track): Promise<Float32Array> {
  const folder = await mkdtemp(path.join(tmpdir(), 'frames-'));
  try {
    const file = path.join(folder, 'sound.mp4');
    await writeFile(file, Buffer.concat([inits[0]!.bytes, ...fragments.flatMap(({ bytes }) => bytes)]));
    const { stdout } = await run(
      'ffmpeg',
      ['-nostdin', '-loglevel', 'error', '-i', file, '-ac', '1', '-f', 'f32le', 'pipe:1'],
      { encoding: 'buffer', timeout: 20_000, killSignal: 'SIGKILL', maxBuffer: 1 << 26 },
    );
    return new Float32Array(new Uint8Array(stdout).buffer);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a source of frames', function () {
  this.timeout(60_000);

  it('has each sound in its own rendition, where it belongs to within 5 ms', async () => {
    const job = jobOf(withLanguages(LADDERS.tiny, ['en', 'de']), 'software', { kind: 'frames' });
    const frames = 90;
    const sockets = await openInputSockets(job);
    const ffmpeg = new FfmpegUnderTest(
      { ...job, inputs: sockets.addresses },
      secondsOf(job, frames),
      sockets,
    );
    try {
      await ffmpeg.feed(frames);
      await ffmpeg.end();
    } finally {
      await ffmpeg.kill();
      await sockets.close();
    }
    for (const [id, second] of [
      ['audio', 1],
      ['audio-de', 2],
    ] as const) {
      const track = ffmpeg.tracks.get(id)!;
      const whole = track.fragments.slice(0, -1);
      expect(whole.map(({ time }) => Number(time))).to.deep.equal(whole.map((_, i) => i * AAC_FRAME_SAMPLES));
      const samples = await decode(track);
      const loud = [...samples].flatMap((level, i) => (Math.abs(level) > 0.1 ? [i / HZ] : []));
      expect(loud[0], id).to.be.closeTo(second, 0.005);
      expect(loud.at(-1), id).to.be.closeTo(second + 0.01, 0.005);
    }
  });
});

describe('the sockets of inputs', () => {
  it('are in a folder that only this user may enter, and gone with it, connected or not', async () => {
    const ladder = withLanguages(LADDERS.tiny, ['en', 'de']);
    const sockets = await openInputSockets({ source: { kind: 'frames' }, ladder });
    const paths = [sockets.addresses.pictures, ...sockets.addresses.sound].map((one) =>
      one.slice('unix:'.length),
    );
    expect(paths.map((one) => path.basename(one))).to.deep.equal(['pictures', 'audio', 'audio-de']);
    const folder = path.dirname(paths[0]!);
    expect(statSync(folder).mode & 0o777).to.equal(0o700);
    await sockets.close();
    expect(existsSync(folder)).to.equal(false);
  });

  it('are one for the test source: that of its clock', async () => {
    const sockets = await openInputSockets({ source: { kind: 'test' }, ladder: LADDERS.tiny });
    await sockets.close();
    expect(sockets.addresses.sound).to.deep.equal([]);
  });
});
