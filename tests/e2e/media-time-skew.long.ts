/** A day of a source whose clock is wrong: dates must follow the wall clock without a jump. */
import { expect } from 'chai';
import { Random } from '../encoder/fuzz/random';
import { closeRigs } from '../encoder/origin/rig';
import { largest, watchDates } from '../support/dates';
import { tinyLoop } from '../support/restamp';
import { RestampedChannel } from '../support/restamped-channel';

const HOURS = Number(process.env['HOURS'] ?? 24);

/**
 * Decode times begin here, in seconds: in the day that follows sound passes 2^32 ticks of 48 kHz after one hour, the
 * clock of MPEG-TS would begin again (2^33 ticks of 90 kHz) after 2.7, and the picture passes 2^32 of 25 kHz after 23.9.
 */
const FIRST_SECONDS = 85_878;

/** As over the internet and a busy encoder: 30 ms, some more for most frames, and a stall every 20 s or so. */
function jitter(seed: number): () => number {
  const random = new Random(seed);
  return () =>
    30 - 8 * Math.log(1 - random.uniform()) + (random.chance(1 / 500) ? 80 + 320 * random.uniform() : 0);
}

describe(`${HOURS} hours of media time`, function () {
  this.timeout(10 * 60_000);
  afterEach(closeRigs);

  const cases: [what: string, ppm: number, jittered: boolean, knowsCapture: boolean][] = [
    ['+100 ppm', 100, false, true],
    ['-100 ppm', -100, false, true],
    ['+100 ppm through jitter and stalls', 100, true, true],
    ['-100 ppm through jitter and stalls', -100, true, true],
    ['+100 ppm through jitter and stalls, of a source that does not know its capture', 100, true, false],
  ];
  for (const [what, ppm, jittered, knowsCapture] of cases) {
    it(`keep EXT-X-PROGRAM-DATE-TIME within 100 ms of the capture, rising, in steps under a frame: ${what}`, async () => {
      const loop = tinyLoop({ frameRate: '25', profile: 'economy' });
      const delays = jittered ? { delayMs: jitter(ppm) } : {};
      const channel = await RestampedChannel.begin({
        ...{ loop, ppm, knowsCapture, firstSeconds: FIRST_SECONDS },
        ...delays,
      });
      try {
        const { errorsMs, stepsMs } = await watchDates(channel, HOURS * 900);
        const [worst, step] = [largest(errorsMs), largest(stepsMs.map((ms) => ms - 4000))];
        console.log(
          `        ${errorsMs.length} segments; worst date ${worst.toFixed(1)} ms off, worst correction ${step} ms`,
        );
        expect(errorsMs).to.have.length(HOURS * 900);
        expect(worst).to.be.below(100);
        expect(stepsMs.filter((ms) => !(ms > 0))).to.deep.equal([]);
        expect(step).to.be.below(40);
      } finally {
        await channel.close();
      }
    });
  }
});
