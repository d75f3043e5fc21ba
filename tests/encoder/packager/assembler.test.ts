import { expect } from 'chai';
import fc from 'fast-check';
import { TickAssembler, type Tick } from '../../../encoder/packager/assembler';
import { TimingError, type TrackPart } from '../../../encoder/packager/cutter';

const RENDITIONS = ['v1', 'v2', 'audio'];

const part = (rendition: string, tick: number): TrackPart => {
  const bytes = [Buffer.from(`${rendition}.${tick}`)];
  return {
    tick,
    bytes,
    length: bytes[0]!.length,
    start: tick * 10_000,
    duration: 10_000,
    independent: tick === 0,
  };
};

const texts = ({ index, parts }: Tick) => [
  index,
  ...RENDITIONS.map((id) => Buffer.concat(parts.get(id)!.bytes).toString()),
];

function assembler() {
  const ticks: Tick[] = [];
  const instance = new TickAssembler(RENDITIONS, (tick) => ticks.push(tick));
  return {
    ticks,
    push: (rendition: string, tick: number) => instance.push(rendition, part(rendition, tick)),
  };
}

describe('TickAssembler', () => {
  it('emits a tick once every track has its part, and not before', () => {
    const { ticks, push } = assembler();
    push('audio', 0);
    push('v1', 0);
    expect(ticks).to.have.length(0);
    push('v2', 0);
    expect(ticks.map(texts)).to.deep.equal([[0, 'v1.0', 'v2.0', 'audio.0']]);
    expect(ticks[0]!.parts.size).to.equal(3);
  });

  it('emits every tick once and in order, however the tracks interleave', () => {
    const COUNT = 30;
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat({ max: 2 })), (choices) => {
        const { ticks, push } = assembler();
        const next = [0, 0, 0];
        for (const track of choices) {
          if (next.every((tick) => tick === COUNT)) break;
          // No track runs away further than the assembler allows.
          const slowest = Math.min(...next);
          const chosen = next[track]! - slowest < 11 && next[track]! < COUNT ? track : next.indexOf(slowest);
          push(RENDITIONS[chosen]!, next[chosen]!++);
        }
        expect(ticks.map(texts)).to.deep.equal(
          Array.from({ length: COUNT }, (_, i) => [i, `v1.${i}`, `v2.${i}`, `audio.${i}`]),
        );
      }),
    );
  });

  it('emits all the ticks that a late part completes, at once', () => {
    const { ticks, push } = assembler();
    for (let tick = 0; tick < 5; tick++) {
      push('v1', tick);
      push('v2', tick);
    }
    for (let tick = 0; tick < 5; tick++) push('audio', tick);
    expect(ticks.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it('lets a track run 12 ticks ahead, and names the late one at the next', () => {
    const { ticks, push } = assembler();
    for (let tick = 0; tick < 12; tick++) {
      push('v2', tick);
      push('v1', tick);
    }
    expect(ticks).to.have.length(0);
    expect(() => push('v1', 12)).to.throw(TimingError, /^audio: 12 ticks behind v1$/);
  });

  it('names every late track', () => {
    const { push } = assembler();
    for (let tick = 0; tick < 12; tick++) push('v2', tick);
    expect(() => push('v2', 12)).to.throw(TimingError, /^v1, audio: 12 ticks behind v2$/);
  });

  it('counts the lead from the last complete tick, not from the start', () => {
    const { ticks, push } = assembler();
    for (let tick = 0; tick < 100; tick++) for (const id of RENDITIONS) push(id, tick);
    for (let tick = 100; tick < 112; tick++) push('audio', tick);
    expect(ticks).to.have.length(100);
    expect(() => push('audio', 112)).to.throw(TimingError, 'v1, v2: 12 ticks behind audio');
  });
});
