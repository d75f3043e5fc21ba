import { expect } from 'chai';
import { LADDERS, tickGrid } from '../../encoder/contract';
import { Load, type ShedRange } from '../../encoder/load';

const FRAME_MS = 1000 / 30;

/** An encoder whose speed is a function of time; frames come out one by one, and what is given to it waits. */
function run(seconds: number, speed: (at: number, shed: (rung: string) => boolean) => number) {
  const shed: [at: number, rung: string, range: ShedRange][] = [];
  const alarms: [at: number, slow: boolean][] = [];
  let now = 0;
  const load = new Load({
    ladder: LADDERS['h264-1080p'],
    grid: tickGrid('30', 'balanced'),
    shed: (rung, range) => shed.push([now, rung, range]),
    onAlarm: (slow) => alarms.push([now, slow]),
  });
  let media = 0;
  let frames = 0;
  for (; now < seconds * 1000; now += 10) {
    const isShed = (rung: string) => load.isShed(rung, Math.floor(frames / 120));
    media = Math.min(now, media + 10 * speed(now, isShed));
    for (; (frames + 1) * FRAME_MS <= media; frames++) {
      load.observe(frames + 1, now - (frames + 1) * FRAME_MS, Math.floor(now / FRAME_MS), now);
    }
  }
  return { shed, alarms, late: now - media };
}

const byPriority = [...LADDERS['h264-1080p'].video]
  .sort((a, b) => b.priority - a.priority)
  .map(({ id }) => id);

describe('the load of an encoder', () => {
  it('is no matter while the encoder keeps up', () => {
    expect(run(60, () => 1.2)).to.deep.include({ shed: [], alarms: [] });
  });

  it('is an alarm when the speed is under 0.98 for five seconds, and no earlier', () => {
    const { alarms } = run(20, () => 0.97);
    expect(alarms).to.have.length(1);
    expect(alarms[0]![1]).to.equal(true);
    expect(alarms[0]![0]).to.be.within(4500, 6000);
    expect(run(20, () => 0.985).alarms).to.deep.equal([]);
  });

  it('is no alarm for a hold-up of two seconds', () => {
    expect(run(20, (at) => (at > 8000 && at < 10_000 ? 0 : 2)).alarms).to.deep.equal([]);
  });

  it('leaves out two segments of the least important rung, from a segment that is still to come', () => {
    const { shed, late } = run(60, (at, isShed) => (at < 10_000 && !isShed(byPriority[0]!) ? 0.8 : 1.3));
    expect(shed[0]![1]).to.equal(byPriority[0]);
    const [at, , { from, to }] = shed[0]!;
    expect(to - from).to.equal(1);
    expect(from * 4000, 'the first segment that is left out').to.be.greaterThan(at + 500);
    expect(new Set(shed.map(([, rung]) => rung))).to.deep.equal(new Set([byPriority[0]]));
    expect(late).to.be.lessThan(50);
  });

  it('gives the encoder at least half a second to hear of it', () => {
    const firstLeftOut = (fed: number): number => {
      let first = NaN;
      const load = new Load({
        ladder: LADDERS.tiny,
        grid: tickGrid('30', 'balanced'),
        shed: (_, { from }) => (first = from),
      });
      load.observe(fed - 60, 2000, fed, 0);
      return first;
    };
    expect(firstLeftOut(4 * 120 - 15)).to.equal(4);
    expect(firstLeftOut(4 * 120 - 14)).to.equal(5);
  });

  it('goes on leaving it out while that is needed, for longer each time', () => {
    const { shed, late } = run(200, (_, isShed) => (isShed(byPriority[0]!) ? 1.2 : 0.8));
    expect(new Set(shed.map(([, rung]) => rung))).to.deep.equal(new Set([byPriority[0]]));
    const lengths = shed.map(([, , { from, to }]) => to - from + 1);
    expect(lengths.length).to.be.greaterThan(2);
    expect(Math.max(...lengths)).to.be.greaterThan(2);
    expect(late).to.be.lessThan(5000);
  });

  it('leaves out the next rung too where one is not enough, and never the most important one', () => {
    const { shed } = run(120, (_, isShed) => 0.5 + 0.1 * byPriority.slice(0, 3).filter(isShed).length);
    const rungs = new Set(shed.map(([, rung]) => rung));
    expect([...rungs].slice(0, 3)).to.deep.equal(byPriority.slice(0, 3));
    expect(rungs).not.to.include(byPriority.at(-1));
  });

  it('ends the alarm when the encoder has caught up', () => {
    const { alarms } = run(60, (at, isShed) => (at < 10_000 && !isShed(byPriority[0]!) ? 0.8 : 1.5));
    expect(alarms.map(([, slow]) => slow)).to.deep.equal([true, false]);
  });
});
