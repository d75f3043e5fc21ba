import { expect } from 'chai';
import fc from 'fast-check';
import { StallCounter } from '../../../encoder/player/stalls';
import type { StallChange } from '../../../encoder/player/stalls';

const TICK = 100;

/** A media element that plays, stands still or is paused, observed ten times a second. */
class Playhead {
  readonly counter = new StallCounter();
  readonly changes: StallChange[] = [];
  now = 1_000;
  position = 50;

  play(ms: number, rate = 1): this {
    return this.#run(ms, rate, false);
  }

  stop(ms: number): this {
    return this.#run(ms, 0, false);
  }

  pause(ms: number): this {
    return this.#run(ms, 0, true);
  }

  /** A seek that takes `ms` of standing still at the new position. */
  seek(to: number, ms: number): this {
    this.position = to;
    for (let passed = 0; passed < ms; passed += TICK) this.#observe(TICK, false, true);
    return this;
  }

  /** The page is frozen: time passes and nobody looks. */
  sleep(ms: number): this {
    this.now += ms;
    return this;
  }

  #run(ms: number, rate: number, idle: boolean): this {
    for (let passed = 0; passed < ms; passed += TICK) {
      this.position += (TICK / 1000) * rate;
      this.#observe(TICK, idle, false);
    }
    return this;
  }

  #observe(elapsed: number, idle: boolean, seeking: boolean): void {
    this.now += elapsed;
    const change = this.counter.observe({ now: this.now, position: this.position, idle, seeking });
    if (change) this.changes.push(change);
  }
}

describe('stall counter', () => {
  it('counts nothing while playback runs, at any rate', () => {
    const playhead = new Playhead().play(5_000).play(5_000, 1.3).play(5_000, 0.9);
    expect(playhead.counter.stalls).to.equal(0);
    expect(playhead.counter.stalledMs(playhead.now)).to.equal(0);
  });

  it('does not take the wait for the first frame for a stall', () => {
    const playhead = new Playhead().stop(10_000);
    expect(playhead.counter.started).to.equal(false);
    expect(playhead.counter.stalls).to.equal(0);
    playhead.play(1_000).stop(1_000);
    expect(playhead.counter.stalls).to.equal(1);
  });

  it('counts a stop of more than 250 ms once, from the last movement to the next', () => {
    const playhead = new Playhead().play(3_000).stop(2_000);
    expect(playhead.counter.stalled).to.equal(true);
    expect(playhead.counter.stalledMs(playhead.now)).to.equal(2_000);
    playhead.play(3_000);
    expect(playhead.counter.stalled).to.equal(false);
    expect(playhead.counter.stalls).to.equal(1);
    expect(playhead.counter.stalledMs(playhead.now)).to.equal(2_100);
    expect(playhead.changes.map((change) => change.type)).to.deep.equal(['begun', 'ended']);
    expect(playhead.changes[1]?.lengthMs).to.equal(2_100);
  });

  it('leaves out a hesitation of 200 ms, and counts it when the element reports that it waits', () => {
    const quiet = new Playhead().play(3_000).stop(200).play(3_000);
    expect(quiet.counter.stalls).to.equal(0);
    const reported = new Playhead().play(3_000);
    reported.counter.waiting();
    reported.stop(200).play(3_000);
    expect(reported.counter.stalls).to.equal(1);
    expect(reported.counter.stalledMs(reported.now)).to.equal(300);
  });

  it('forgets a waiting event once playback has moved again', () => {
    const playhead = new Playhead().play(3_000);
    playhead.counter.waiting();
    playhead.play(1_000).stop(200).play(1_000);
    expect(playhead.counter.stalls).to.equal(0);
  });

  it('does not count a pause, and ends a stall where the viewer pauses', () => {
    const playhead = new Playhead().play(3_000).pause(5_000).play(3_000);
    expect(playhead.counter.stalls).to.equal(0);
    playhead.stop(1_000).pause(5_000).play(1_000);
    expect(playhead.counter.stalls).to.equal(1);
    expect(playhead.counter.stalledMs(playhead.now)).to.equal(1_100);
  });

  it('keeps one stall across the seek that a recovery makes', () => {
    const playhead = new Playhead().play(3_000).stop(1_000).seek(80, 300).stop(500).play(3_000);
    expect(playhead.counter.stalls).to.equal(1);
    expect(playhead.counter.stalledMs(playhead.now)).to.equal(1_900);
  });

  it('counts the freeze that a seek of the player itself makes', () => {
    const playhead = new Playhead().play(3_000).seek(80, 600).play(3_000);
    expect(playhead.counter.stalls).to.equal(1);
  });

  it('says nothing about the time in which the page was frozen', () => {
    const playhead = new Playhead().play(3_000).sleep(3_600_000).play(3_000);
    expect(playhead.counter.stalls).to.equal(0);
    const stalled = new Playhead().play(3_000).stop(1_000).sleep(10_000).play(1_000);
    expect(stalled.counter.stalled).to.equal(false);
  });

  it('adds up: the sum of the reported lengths is the total, whatever happens', () => {
    const step = fc.tuple(
      fc.constantFrom('play' as const, 'stop' as const, 'pause' as const),
      fc.integer({ min: 1, max: 40 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const playhead = new Playhead();
        for (const [what, ticks] of steps) playhead[what](ticks * TICK);
        playhead.play(1_000);
        const begun = playhead.changes.filter((change) => change.type === 'begun').length;
        const ended = playhead.changes.filter((change) => change.type === 'ended');
        expect(begun).to.equal(playhead.counter.stalls);
        expect(ended.length).to.equal(playhead.counter.stalls);
        const sum = ended.reduce((total, change) => total + change.lengthMs, 0);
        expect(playhead.counter.stalledMs(playhead.now)).to.equal(sum);
      }),
    );
  });
});
