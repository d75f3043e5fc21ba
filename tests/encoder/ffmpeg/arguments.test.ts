import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { LADDERS, LADDER_NAMES, type Ladder } from '../../../encoder/contract';
import {
  descriptors,
  ffmpegArguments,
  pictureFormat,
  shedCommand,
  type Source,
} from '../../../encoder/ffmpeg/arguments';
import { withLanguages } from '../../../encoder/contract';
import { everyJob, jobOf } from './jobs';

const FOLDER = path.join('tests', 'fixtures', 'ffmpeg');
const FRAMES: Source = { kind: 'frames' };

describe('the arguments of ffmpeg', () => {
  it('are those of the goldens, one argument a line (UPDATE_GOLDENS=1 writes them)', () => {
    const lists = new Map(
      everyJob().map(({ ladder, engine, source, job }) => [
        `${ladder}.${engine}.${source.kind}.txt`,
        `${ffmpegArguments(job).join('\n')}\n`,
      ]),
    );
    expect(lists.size).to.equal(LADDER_NAMES.length * 2 * 3);
    if (process.env.UPDATE_GOLDENS === '1') {
      mkdirSync(FOLDER, { recursive: true });
      for (const [name, text] of lists) writeFileSync(path.join(FOLDER, name), text);
    }
    expect(readdirSync(FOLDER).sort()).to.deep.equal([...lists.keys()].sort());
    for (const [name, text] of lists) {
      expect(text.split('\n'), name).to.deep.equal(readFileSync(path.join(FOLDER, name), 'utf8').split('\n'));
    }
  });

  it('number the descriptors: progress, pictures, then sound where it is fed, then tracks as the ladder lists them', () => {
    const ladder = withLanguages(LADDERS.tiny, ['en', 'de']);
    expect(descriptors({ source: FRAMES, ladder })).to.deep.equal({
      progress: 3,
      pictures: 4,
      sound: [5, 6],
      tracks: new Map([
        ['360p', 7],
        ['234p', 8],
        ['audio', 9],
        ['audio-de', 10],
      ]),
    });
    const { sound, tracks } = descriptors({ source: { kind: 'test' }, ladder });
    expect([sound, [...tracks.values()]]).to.deep.equal([[], [5, 6, 7, 8]]);
  });

  it('take sound i for rendition i of frames, and one sound for all renditions of a file', () => {
    const ladder: Ladder = withLanguages(LADDERS.tiny, ['en', 'de']);
    const graph = (source: Source) => {
      const list = ffmpegArguments(jobOf(ladder, 'software', source));
      return list[list.indexOf('-filter_complex') + 1]!;
    };
    expect(graph(FRAMES)).to.contain('[1:a]atrim').and.to.contain('[2:a]atrim');
    expect(graph({ kind: 'file', path: 'x.mp4', loop: false }))
      .to.contain('[0:a:0]')
      .and.to.contain('asplit=2[a0][a1]');
  });

  it('ask for pictures of the largest size, with 10 bit where any rung has them', () => {
    expect(pictureFormat(LADDERS.tiny, 'software')).to.deep.equal({
      ...{ width: 640, height: 360, pixelFormat: 'yuv420p', bytes: 345_600 },
    });
    expect(pictureFormat(LADDERS.tiny, 'nvenc')).to.include({ pixelFormat: 'nv12', bytes: 345_600 });
    expect(pictureFormat(LADDERS['hevc-2160p30-50'], 'software')).to.deep.equal({
      ...{ width: 3840, height: 2160, pixelFormat: 'yuv420p10le', bytes: 24_883_200 },
    });
    expect(pictureFormat(LADDERS['hevc-2160p30-50'], 'nvenc').pixelFormat).to.equal('p010le');
  });

  it('use the sockets that a job names in place of its pipes', () => {
    const inputs = { pictures: 'unix:/x/pictures', sound: ['unix:/x/audio'] };
    const list = ffmpegArguments({ ...jobOf('tiny', 'software', FRAMES), inputs });
    const addresses = list.filter((_, i) => list[i - 1] === '-i');
    expect(addresses).to.deep.equal(['unix:/x/pictures', 'unix:/x/audio']);
  });

  it('take every rung from one decode: one input of pictures, one split into as many as there are rungs', () => {
    for (const { job } of everyJob()) {
      const list = ffmpegArguments(job);
      const graph = list[list.indexOf('-filter_complex') + 1]!;
      expect(graph.match(/(?<!a)split=(\d+)/g)).to.deep.equal([`split=${job.ladder.video.length}`]);
      expect(graph.match(/metadata@shed-[a-z0-9-]+=mode=select:key=dropped:enable=0/g)).to.have.length(
        job.ladder.video.length,
      );
      const forced = list.filter((_, i) => list[i - 1] === '-force_key_frames');
      expect(forced).to.have.length(job.ladder.video.length);
      expect(new Set(forced)).to.have.length(1);
    }
  });

  it('have a command that drops four frames of five of a range, and one that ends it', () => {
    expect(shedCommand('720p', { from: 240, to: 479 }, 120)).to.equal(
      'cmetadata@shed-720p -1 enable between(n,240,479)*mod(mod(n,120),5)\n',
    );
    expect(shedCommand('720p', undefined, 120)).to.equal('cmetadata@shed-720p -1 enable 0\n');
  });
});
