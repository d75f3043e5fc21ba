import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { BoxReader } from '../../../encoder/packager/box-reader';
import type { InitSegment } from '../../../encoder/packager/init';

const run = promisify(execFile);

async function initOf(encoder: string, pixelFormat: string, ...colour: string[]): Promise<InitSegment> {
  const { stdout } = await run(
    'ffmpeg',
    [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-f', 'lavfi'],
      ...['-i', 'testsrc2=size=1280x720:rate=30', '-frames:v', '3', '-pix_fmt', pixelFormat],
      ...[
        '-c:v',
        encoder,
        ...(encoder === 'libsvtav1' ? ['-preset', '12'] : ['-usage', 'realtime', '-cpu-used', '8']),
      ],
      ...[
        '-b:v',
        '1000k',
        ...colour,
        '-movflags',
        '+frag_every_frame+empty_moov+delay_moov',
        '-f',
        'mp4',
        'pipe:1',
      ],
    ],
    {
      encoding: 'buffer',
      timeout: 30_000,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 24,
      env: { ...process.env, SVT_LOG: '1' },
    },
  );
  const inits: InitSegment[] = [];
  new BoxReader({ init: (init) => inits.push(init), fragment: () => undefined }).push(stdout);
  expect(inits).to.have.length(1);
  return inits[0]!;
}

describe('the CODECS string of an AV1 init segment', function () {
  this.timeout(60_000);

  it('has profile, level, tier and depth of what SVT-AV1 wrote', async () => {
    const { codecs, width, height } = await initOf('libsvtav1', 'yuv420p10le');
    expect({ codecs, width, height }).to.deep.equal({ codecs: 'av01.0.05M.10', width: 1280, height: 720 });
    expect((await initOf('libsvtav1', 'yuv420p')).codecs).to.equal('av01.0.05M.08');
  });

  it('is short where colours are those of BT.709, which are the default', async () => {
    const bt709 = [
      '-color_primaries',
      'bt709',
      '-color_trc',
      'bt709',
      '-colorspace',
      'bt709',
      '-color_range',
      'tv',
    ];
    expect((await initOf('libsvtav1', 'yuv420p', ...bt709)).codecs).to.equal('av01.0.05M.08');
  });

  it('has every optional field where one is not the default', async () => {
    const pq = [
      '-color_primaries',
      'bt2020',
      '-color_trc',
      'smpte2084',
      '-colorspace',
      'bt2020nc',
      '-color_range',
      'tv',
    ];
    expect((await initOf('libsvtav1', 'yuv420p10le', ...pq)).codecs).to.equal(
      'av01.0.05M.10.0.110.09.16.09.0',
    );
  });

  it('has profile 1 and no subsampling of 4:4:4', async () => {
    expect((await initOf('libaom-av1', 'yuv444p')).codecs).to.equal('av01.1.05M.08.0.000.01.01.01.0');
  });
});
