import { expect } from 'chai';
import { FRAME_RATES, LADDER_NAMES, LADDERS, videoLevel, type Ladder } from '../../../encoder/contract';
import { encode } from './ffmpeg-run';
import { jobOf } from './jobs';

const av1: Ladder = {
  description: 'AV1 of both depths',
  video: ([8, 10] as const).map((bitDepth, i) => ({
    ...{ id: `av1-${bitDepth}`, codec: 'av1', bitDepth, width: 320, height: 180 },
    ...{ bitrateKbps: 300, maxrateKbps: 330, bufferSeconds: 1, priority: i + 1 },
  })),
  audio: LADDERS.tiny.audio,
};

describe('what a ladder foretells and software makes', function () {
  this.timeout(60_000);

  for (const name of LADDER_NAMES) {
    it(`${name}: CODECS, sizes and sound of each rung are those of the init segment`, async () => {
      const job = jobOf(name, 'software', { kind: 'frames' });
      const tracks = await encode(job, 4);
      for (const rung of job.ladder.video) {
        const { codecs, width, height } = tracks.get(rung.id)!.inits[0]!;
        expect({ codecs, width, height }, rung.id).to.deep.equal({
          ...{ codecs: videoLevel(rung, '30')!.codecs, width: rung.width, height: rung.height },
        });
        expect(tracks.get(rung.id)!.fragments, rung.id).to.have.length(4);
      }
      for (const { id } of job.ladder.audio) expect(tracks.get(id)!.inits[0]!.codecs).to.equal('mp4a.40.2');
    });
  }

  it('AV1: profile, level, tier and depth are those of the init segment, and key frames those of the grid', async () => {
    const job = jobOf(av1, 'software', { kind: 'frames' });
    const tracks = await encode(job, 130);
    for (const rung of av1.video) {
      const { inits, fragments } = tracks.get(rung.id)!;
      expect(inits.map(({ codecs }) => codecs)).to.deep.equal([videoLevel(rung, '30')!.codecs]);
      expect(fragments.flatMap(({ startsWithKeyFrame }, i) => (startsWithKeyFrame ? [i] : []))).to.deep.equal(
        [0, 60, 120],
      );
    }
  });

  it('one segment of the ladder tiny, of each source, has its frames and its key frames', async () => {
    for (const kind of ['test', 'frames'] as const) {
      const tracks = await encode(jobOf('tiny', 'software', { kind }), 120);
      for (const id of ['360p', '234p']) {
        const { fragments } = tracks.get(id)!;
        expect(fragments).to.have.length(120);
        expect(
          fragments.flatMap(({ startsWithKeyFrame }, i) => (startsWithKeyFrame ? [i] : [])),
        ).to.deep.equal([0, 60]);
      }
    }
  });

  it('is what each rung says at every frame rate', () => {
    for (const name of LADDER_NAMES) {
      for (const rung of LADDERS[name].video) {
        for (const rate of FRAME_RATES)
          expect(videoLevel(rung, rate), `${rung.id} ${rate}`).to.not.equal(undefined);
      }
    }
  });
});
