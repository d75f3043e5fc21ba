import { expect } from 'chai';
import { partsPerSegment, segmentSeconds } from '../../../encoder/contract';
import { largest, watchDates } from '../../support/dates';
import { expectMediaTimeHolds, playMediaTime } from '../../support/media-time';
import { recordLoop, tinyLoop, type Loop } from '../../support/restamp';
import { RestampedChannel } from '../../support/restamped-channel';
import { closeRigs } from '../origin/rig';

async function play(loop: Loop, seconds: number, firstSeconds = 0): Promise<void> {
  const channel = await RestampedChannel.begin({ loop, firstSeconds });
  try {
    const result = await playMediaTime(channel, seconds);
    expect(result.segments).to.equal(Math.ceil(seconds / segmentSeconds(loop.grid)));
    expect(result.versions).to.equal(3 * (result.segments * partsPerSegment(loop.grid) + 1));
    expectMediaTimeHolds(result, channel);
  } finally {
    await channel.close();
  }
}

describe('media time', function () {
  this.timeout(30_000);
  afterEach(closeRigs);

  // Neither the picture's frames nor the sound's are a whole number of milliseconds, or of each other.
  for (const frameRate of ['29.97', '23.976'] as const) {
    it(`holds for two minutes at ${frameRate} fps with sound at 44.1 kHz: every version linted, sums, dates, decode times`, async () => {
      await play(await recordLoop({ frameRate, audioSampleRate: 44_100, seconds: 9 }), 120);
    });
  }

  it('makes up for a slow start of a source that does not know when its first frame was captured', async () => {
    let frames = 0;
    // The first frame takes two seconds, the fiftieth and all that follow 30 ms.
    const delayMs = () => Math.max(30, 2000 - 40 * frames++);
    const loop = tinyLoop({ frameRate: '25', profile: 'economy' });
    const channel = await RestampedChannel.begin({ loop, delayMs, knowsCapture: false });
    try {
      const { errorsMs, stepsMs } = await watchDates(channel, 225);
      expect(errorsMs[0]).to.equal(2000);
      // A few minutes at 0.4 of a frame a segment. What stays is the path's own delay, and the frame's length.
      expect(largest(errorsMs.slice(160))).to.be.below(100);
      expect(largest(stepsMs.map((ms) => ms - 4000))).to.be.at.most(17);
    } finally {
      await channel.close();
    }
  });

  describe('goes on where a decode time passes', () => {
    let loop: Loop;
    before(async () => {
      loop = await recordLoop({ frameRate: '29.97', audioSampleRate: 48_000, seconds: 9 });
    });

    const places: [what: string, firstSeconds: number][] = [
      ['2^32 ticks of sound at 48 kHz', Math.floor(2 ** 32 / 48_000) - 6],
      ['2^33 ticks of 90 kHz, where the clock of MPEG-TS begins again', Math.floor(2 ** 33 / 90_000) - 6],
      ['2^32 ticks of picture at 30 kHz', Math.floor(2 ** 32 / 30_000) - 6],
      ['2^53 ticks of sound, beyond which a number is not exact', Math.floor(2 ** 53 / 48_000) - 6],
      ['2^53 ticks of picture', Math.floor(2 ** 53 / 30_000) - 6],
    ];
    for (const [what, firstSeconds] of places) {
      it(what, () => play(loop, 16, firstSeconds));
    }
  });
});
