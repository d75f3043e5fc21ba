import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { tickGrid, type FrameRate } from '../../../encoder/contract';
import { ffmpegArguments, descriptors } from '../../../encoder/ffmpeg/arguments';
import { jobOf } from './jobs';

const run = promisify(execFile);
const ffmpeg = (...list: string[]) =>
  run('ffmpeg', ['-hide_banner', '-nostdin', '-y', ...list], { timeout: 40_000, killSignal: 'SIGKILL' });

/** Frames of an encode that ffmpeg's detector of interlacing calls interlaced, and how many there are. */
async function detect(file: string): Promise<{ interlaced: number; frames: number }> {
  const { stderr } = await ffmpeg('-i', file, '-vf', 'idet', '-f', 'null', '-');
  const [, tff, bff, progressive, unknown] =
    /Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+) Undetermined:\s*(\d+)/.exec(
      stderr,
    )!;
  const interlaced = Number(tff) + Number(bff);
  return { interlaced, frames: interlaced + Number(progressive) + Number(unknown) };
}

describe('a file that is interlaced', function () {
  this.timeout(60_000);
  let folder: string;
  let source: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'interlaced-'));
    source = path.join(folder, 'source.mp4');
    // 25 frames a second of two fields, made of 50 pictures.
    await ffmpeg(
      ...['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=50:duration=3'],
      ...[
        '-vf',
        'interlace=scan=tff:lowpass=0',
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-flags',
        '+ilme+ildct',
      ],
      source,
    );
    expect((await detect(source)).interlaced).to.be.above(60);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function encoded(frameRate: FrameRate): Promise<string> {
    const job = {
      ...jobOf('tiny', 'software', { kind: 'file', path: source, loop: false }),
      ...{ frameRate, grid: tickGrid(frameRate, 'balanced'), sourceHasAudio: false },
    };
    const file = path.join(folder, `${frameRate}.mp4`);
    const { tracks } = descriptors(job);
    const list = ffmpegArguments(job)
      .filter((one) => one !== '-re')
      .map((one) => (one === `pipe:${tracks.get('360p')}` ? file : /^pipe:/.test(one) ? '/dev/null' : one))
      .flatMap((one) => (one === '-flush_packets' ? ['-t', '3', one] : [one]));
    await ffmpeg(...list);
    expect((await stat(file)).size).to.be.above(0);
    return file;
  }

  it('has hardly a picture that seems combed at 25 fps', async () => {
    const { interlaced, frames } = await detect(await encoded('25'));
    expect(frames).to.equal(75);
    expect(interlaced, 'by a detector that is wrong now and then').to.be.below(8);
  });

  it('gives each field as a picture at 50 fps: no picture is shown twice', async () => {
    const file = await encoded('50');
    const { interlaced, frames } = await detect(file);
    expect(frames).to.equal(150);
    expect(interlaced).to.be.below(15);
    const { stderr } = await ffmpeg(
      '-i',
      file,
      '-vf',
      'mpdecimate=hi=200:lo=100:frac=1,showinfo',
      '-f',
      'null',
      '-',
    );
    expect(stderr.match(/Parsed_showinfo.* n: *\d+/g)).to.have.length.above(140);
  });
});
