import { expect } from 'chai';
import fc from 'fast-check';
import { LiveEdgeControl } from '../../../encoder/player/catch-up';
import type { EdgeObservation } from '../../../encoder/player/catch-up';

const PART = 0.34134;
const HOLD_BACK = 1.02402;
const TICK = 100;

const at = (now: number, latency: number, rest: Partial<EdgeObservation> = {}): EdgeObservation => ({
  now,
  latency,
  age: 0.1,
  holdBack: HOLD_BACK,
  part: PART,
  buffer: latency - 0.3,
  stalled: false,
  beyondHole: false,
  ...rest,
});

/** A live stream in which everything arrives: the distance changes only by the playback rate. */
function follow(control: LiveEdgeControl, latency: number, seconds: number, from = 0) {
  let now = from;
  const rates: number[] = [];
  const jumps: number[] = [];
  for (; now < from + seconds * 1000; now += TICK) {
    const { rate, jump } = control.step(at(now, latency));
    if (jump) {
      jumps.push(now);
      latency = HOLD_BACK + control.added;
    }
    rates.push(rate);
    latency += (1 - rate) * (TICK / 1000);
  }
  return { latency, now, rates, jumps };
}

describe('live edge control', () => {
  it('leaves a player on target alone', () => {
    const { rates } = follow(new LiveEdgeControl(), HOLD_BACK + 0.05, 10);
    expect(new Set(rates)).to.deep.equal(new Set([1]));
  });

  it('plays a stall of two seconds back in within twelve seconds, at most 1.3 times as fast', () => {
    const { latency, rates } = follow(new LiveEdgeControl(), HOLD_BACK + 2, 12);
    expect(latency).to.be.within(HOLD_BACK - 0.05, HOLD_BACK + 0.1);
    expect(Math.max(...rates)).to.equal(1.3);
    expect(rates.at(-1)).to.equal(1);
  });

  it('backs away from the edge slowly when a discontinuity has put it too close', () => {
    const { latency, rates } = follow(new LiveEdgeControl(), 0.5, 12);
    expect(latency).to.be.within(HOLD_BACK - 0.1, HOLD_BACK + 0.05);
    expect(Math.min(...rates)).to.equal(0.9);
  });

  it('never hurries on less than about one part of media', () => {
    const control = new LiveEdgeControl();
    for (let now = 0; now < 5_000; now += TICK) {
      expect(control.step(at(now, 3, { buffer: 0.3 })).rate).to.equal(1);
    }
  });

  it('jumps once when media lies more than four seconds ahead', () => {
    const { jumps, latency } = follow(new LiveEdgeControl(), HOLD_BACK + 6, 5);
    expect(jumps).to.deep.equal([300]);
    expect(latency).to.be.closeTo(HOLD_BACK, 0.05);
  });

  it('does not jump towards an edge that is only assumed, in an outage', () => {
    const control = new LiveEdgeControl();
    for (let now = 0; now < 20_000; now += TICK) {
      const age = now / 1000;
      const { jump } = control.step(at(now, HOLD_BACK + age, { age, buffer: 0, stalled: now > 1_000 }));
      expect(jump, `after ${age} s`).to.equal(false);
    }
  });

  it('holds a stalled player until a second part is there, but not at a hole, and not for ever', () => {
    const control = new LiveEdgeControl();
    const stalled = (now: number, buffer: number, beyondHole = false) =>
      control.step(at(now, 1, { buffer, stalled: true, beyondHole })).rate;
    expect(stalled(0, 0)).to.equal(0);
    expect(stalled(100, PART)).to.equal(0);
    expect(stalled(200, PART, true)).to.not.equal(0);
    expect(stalled(300, 2 * PART)).to.not.equal(0);
    expect(stalled(2_600, PART)).to.not.equal(0);
  });

  it('adds a part to the target for a short stall, up to three, and none for an outage', () => {
    const control = new LiveEdgeControl();
    control.stallEnded(0, 5_000, PART);
    expect(control.added).to.equal(0);
    for (const expected of [1, 2, 3, 3]) {
      control.stallEnded(0, 400, PART);
      expect(control.added).to.be.closeTo(expected * PART, 1e-9);
    }
  });

  it('takes the addition back after half a minute without a stall', () => {
    const control = new LiveEdgeControl();
    control.stallEnded(0, 400, PART);
    const before = follow(control, HOLD_BACK + PART, 29);
    expect(control.added).to.equal(PART);
    follow(control, before.latency, 5, before.now);
    expect(control.added).to.equal(0);
  });

  it('waits twice as long before the next try when taking it back led to a stall', () => {
    const control = new LiveEdgeControl();
    control.stallEnded(0, 400, PART);
    control.step(at(31_000, HOLD_BACK));
    expect(control.added).to.equal(0);
    control.stallEnded(35_000, 400, PART);
    control.step(at(35_000 + 59_000, HOLD_BACK));
    expect(control.added).to.equal(PART);
    control.step(at(35_000 + 61_000, HOLD_BACK));
    expect(control.added).to.equal(0);
  });

  it('keeps every rate at 0 or between 0.9 and 1.3, whatever it is told', () => {
    const seconds = fc.double({ min: -5, max: 100, noNaN: true });
    const observation = fc.tuple(seconds, seconds, seconds, fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 60 }), (sequence) => {
        const control = new LiveEdgeControl();
        sequence.forEach(([latency, age, buffer, stalled, beyondHole], i) => {
          const { rate } = control.step(at(i * TICK, latency, { age, buffer, stalled, beyondHole }));
          expect(rate === 0 || (rate >= 0.9 && rate <= 1.3), `rate ${rate}`).to.equal(true);
          if (rate === 0) expect(stalled).to.equal(true);
        });
      }),
    );
  });
});
