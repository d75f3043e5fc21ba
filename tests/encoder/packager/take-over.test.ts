import { expect } from 'chai';
import {
  keys,
  partsPerSegment,
  tickGrid,
  tickSeconds,
  tickTicks,
  type RenditionInfo,
} from '../../../encoder/contract';
import type { Tick } from '../../../encoder/packager/assembler';
import { FencedError, SegmentWriter } from '../../../encoder/packager/segment-writer';
import {
  OVERDUE_MS,
  takeOver,
  writeMissingSegments,
  type Position,
} from '../../../encoder/packager/take-over';
import { Timeline } from '../../../encoder/packager/timeline';
import { readBundle } from '../../../encoder/store/bundle';
import { lastClaim, readClaim } from '../../../encoder/store/claims';
import { MemoryStore } from '../../../encoder/store/memory-store';
import type { SegmentStore } from '../../../encoder/store/store';
import { rejection } from '../../support/rejection';

const CHANNEL = 'news';
const grid = tickGrid('30', 'balanced');
const PARTS = partsPerSegment(grid);
const TICK_MS = tickSeconds(grid) * 1000;
const video: RenditionInfo = {
  id: 'v',
  kind: 'video',
  codecs: 'avc1.64001e',
  timescale: grid.timescale,
  peakBitrate: 1,
  averageBitrate: 1,
};

/** A machine whose clock the test moves. */
class Machine {
  time = 1_800_000_000_000;
  readonly store: SegmentStore;

  constructor(store: SegmentStore = new MemoryStore()) {
    this.store = store;
  }

  get stores() {
    return { edge: this.store, general: this.store };
  }

  readonly now = (): number => this.time;

  async position(
    writer: string,
    options: { renditions?: string[]; signal?: AbortSignal } = {},
  ): Promise<Position> {
    return takeOver({
      stores: this.stores,
      channel: CHANNEL,
      writer,
      grid,
      renditions: options.renditions ?? ['v'],
      now: this.now,
      signal: options.signal ?? AbortSignal.timeout(5000),
    });
  }

  async writer(name: string): Promise<SegmentWriter> {
    return this.begin(name, await this.position(name));
  }

  async begin(name: string, position: Position): Promise<SegmentWriter> {
    const writer = new SegmentWriter(
      { stores: this.stores, channel: CHANNEL, writer: name, now: this.now },
      position,
    );
    await this.generation(writer);
    return writer;
  }

  async generation(writer: SegmentWriter): Promise<void> {
    await writer.begin({
      grid,
      renditions: [video],
      inits: new Map([['v', 'a'.repeat(32)]]),
      timeline: new Timeline(grid, this.time),
    });
  }

  /** Writes ticks `from` to `to` (exclusive) of a generation, and moves the clock along. */
  async ticks(writer: SegmentWriter, from: number, to: number): Promise<void> {
    for (let index = from; index < to; index++) {
      this.time += TICK_MS;
      await writer.write(tick(index));
    }
  }
}

const media = (index: number) => Buffer.from(`media of tick ${index};`);

function tick(index: number): Tick {
  const bytes = [media(index)];
  const part = {
    tick: index,
    bytes,
    length: bytes[0]!.length,
    start: index * tickTicks(grid),
    duration: tickTicks(grid),
    independent: index % grid.partsPerGop === 0,
  };
  return { index, parts: new Map([['v', part]]) };
}

describe('claims fence writers', () => {
  it('begins a channel without claims at the number of the clock, in two-second steps', async () => {
    const machine = new Machine();
    const position = await machine.position('a');
    expect(position).to.deep.include({ msn: 900_000_000, generation: 0, records: [] });
  });

  it('claims a segment half a second ahead, writes a bundle a tick and the whole segment at its end', async () => {
    const machine = new Machine();
    const writer = await machine.writer('a');
    const first = (await lastClaim(machine.store, CHANNEL))!.msn;
    await machine.ticks(writer, 0, PARTS - 3);
    expect(await readClaim(machine.store, CHANNEL, first + 1)).to.equal(undefined);
    await machine.ticks(writer, PARTS - 3, PARTS - 2);
    await machine.ticks(writer, PARTS - 2, 2 * PARTS + 1);
    const second = (await readClaim(machine.store, CHANNEL, first + 1))!;
    expect(second.anchor - (await readClaim(machine.store, CHANNEL, first))!.anchor).to.be.closeTo(
      4000,
      0.01,
    );
    const segment = (await machine.store.read(keys.segment(CHANNEL, 'v', first)))!;
    const parts = Array.from({ length: PARTS }, (_, i) => media(i));
    expect(segment.equals(Buffer.concat(parts))).to.equal(true);
    const third = (await readClaim(machine.store, CHANNEL, first + 2))!;
    expect(third.records.map(({ msn, ticks }) => [msn, ticks])).to.deep.equal([[first, PARTS]]);
    expect(third.records[0]!.tracks['v']).to.include({ start: 0, duration: 120_000, bytes: segment.length });
  });

  it('waits while the writer lives, takes over when a tick is 1.5 s overdue, and seals at the missing tick', async () => {
    const machine = new Machine();
    const old = await machine.writer('old');
    await machine.ticks(old, 0, 5);
    const msn = (await lastClaim(machine.store, CHANNEL))!.msn;
    machine.time += TICK_MS + OVERDUE_MS - 1;
    expect(await rejection(machine.position('new', { signal: AbortSignal.timeout(120) }))).to.have.property(
      'name',
      'AbortError',
    );
    machine.time += 2;
    const position = await machine.position('new');
    expect(position).to.deep.include({ msn: msn + 1, generation: 1, fresh: false });
    expect(position.records.map(({ msn: number, ticks }) => [number, ticks])).to.deep.equal([[msn, 5]]);
    expect((await readBundle(machine.store, CHANNEL, msn, 5))?.end).to.deep.equal({ final: false });
    expect(await rejection(old.write(tick(5)))).to.be.instanceOf(FencedError);
  });

  it('takes over at once from a writer that has left', async () => {
    const machine = new Machine();
    const old = await machine.writer('old');
    await machine.ticks(old, 0, 3);
    old.leave();
    await machine.ticks(old, 3, PARTS);
    expect(old.atRest).to.equal(true);
    await old.end({ final: false });
    const msn = (await lastClaim(machine.store, CHANNEL))!.msn;
    expect((await readBundle(machine.store, CHANNEL, msn, PARTS))?.end).to.deep.equal({ final: false });
    expect(await machine.position('new', { signal: AbortSignal.timeout(200) })).to.deep.include({
      msn: msn + 1,
      generation: 1,
    });
  });

  it('finishes the segment that was claimed ahead before a leaving writer is at rest', async () => {
    const machine = new Machine();
    const old = await machine.writer('old');
    await machine.ticks(old, 0, PARTS - 1);
    old.leave();
    await machine.ticks(old, PARTS - 1, PARTS);
    expect(old.atRest).to.equal(false);
    await machine.ticks(old, PARTS, 2 * PARTS);
    expect(old.atRest).to.equal(true);
  });

  it('makes a segment that was claimed and has no tick a gap, so that claims have no hole', async () => {
    const machine = new Machine();
    const old = await machine.writer('old');
    await machine.ticks(old, 0, PARTS);
    const msn = (await lastClaim(machine.store, CHANNEL))!.msn;
    machine.time += TICK_MS + OVERDUE_MS + 1;
    const position = await machine.position('new');
    expect(position.msn).to.equal(msn + 1);
    const gap = position.records.at(-1)!;
    expect(gap).to.deep.include({ msn, gap: true, ticks: 0 });
    // 1.8 s have passed since the segment was due: five whole ticks.
    expect((await readBundle(machine.store, CHANNEL, msn, 0))?.end).to.deep.equal({
      final: false,
      gap: { anchor: (await readClaim(machine.store, CHANNEL, msn))!.anchor, start: 120_000, ticks: 5 },
    });
    expect(gap.tracks['v']!.duration).to.equal(5 * tickTicks(grid));
    expect(await rejection(old.write(tick(PARTS)))).to.be.instanceOf(FencedError);
  });

  it('takes a tick that arrives while the segment is being sealed, and seals at the next', async () => {
    let arrive: (() => Promise<void>) | undefined;
    class Racing extends MemoryStore {
      override async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
        if (Buffer.concat(body).includes('"end":{"final":false}')) {
          const late = arrive;
          arrive = undefined;
          await late?.();
        }
        return super.create(key, body);
      }
    }
    const machine = new Machine(new Racing());
    const old = await machine.writer('old');
    await machine.ticks(old, 0, 5);
    const msn = (await lastClaim(machine.store, CHANNEL))!.msn;
    machine.time += TICK_MS + OVERDUE_MS + 1;
    arrive = () => old.write(tick(5));
    const position = await machine.position('new');
    expect(position.records.at(-1)).to.deep.include({ msn, ticks: 6 });
    expect((await readBundle(machine.store, CHANNEL, msn, 6))?.writer).to.equal('new');
  });

  it('lets exactly one of two newcomers claim the next segment', async () => {
    const machine = new Machine();
    await machine.ticks(await machine.writer('old'), 0, 5);
    machine.time += 10_000;
    const positions = await Promise.all([machine.position('x'), machine.position('y')]);
    const outcomes = await Promise.allSettled(
      positions.map((position, i) => machine.begin('xy'[i]!, position)),
    );
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).to.be.instanceOf(FencedError);
  });

  it('takes its own object for success when the answer was lost', async () => {
    class Forgetful extends MemoryStore {
      override async create(key: string, body: readonly Uint8Array[]): Promise<boolean> {
        await super.create(key, body);
        return false;
      }
    }
    const machine = new Machine(new Forgetful());
    const writer = await machine.writer('a');
    await machine.ticks(writer, 0, PARTS + 2);
    expect((await lastClaim(machine.store, CHANNEL))!.writer).to.equal('a');
  });

  it('ends a generation in the middle of a segment and goes on in the next, by itself', async () => {
    const machine = new Machine();
    const writer = await machine.writer('a');
    await machine.ticks(writer, 0, 7);
    const msn = (await lastClaim(machine.store, CHANNEL))!.msn;
    await writer.end({ final: false });
    await machine.generation(writer);
    await machine.ticks(writer, 0, 1);
    const next = (await lastClaim(machine.store, CHANNEL))!;
    expect(next).to.deep.include({ msn: msn + 1, generation: 1 });
    expect(next.records.at(-1)).to.deep.include({ msn, ticks: 7, generation: 0 });
  });

  it('seals the segment that it had claimed ahead when its generation ends before the first tick', async () => {
    const machine = new Machine();
    const writer = await machine.writer('a');
    await machine.ticks(writer, 0, PARTS - 1);
    const msn = (await lastClaim(machine.store, CHANNEL))!.msn;
    await writer.end({ final: false });
    await machine.generation(writer);
    const next = (await lastClaim(machine.store, CHANNEL))!;
    expect(next).to.deep.include({ msn: msn + 1, generation: 1 });
    expect(next.records.map(({ msn: number, gap }) => [number, gap])).to.deep.equal([
      [msn - 1, undefined],
      [msn, true],
    ]);
    // The gap begins where the short segment ends: no time is left out between them.
    const [short, gap] = next.records;
    expect(short!.ticks).to.equal(PARTS - 1);
    expect(gap!.anchor).to.be.closeTo(short!.anchor + (PARTS - 1) * TICK_MS, 0.002);
    expect(gap!.tracks['v']!.start).to.equal((PARTS - 1) * tickTicks(grid));
  });

  it('lists nothing from before the end of a programme, nor from another ladder', async () => {
    const machine = new Machine();
    const writer = await machine.writer('a');
    await machine.ticks(writer, 0, 5);
    await writer.end({ final: true });
    expect(await machine.position('b')).to.deep.include({ fresh: true, records: [] });

    const between = new Machine();
    const early = await between.writer('a');
    await between.ticks(early, 0, PARTS);
    await early.end({ final: true });
    expect(await between.position('b')).to.deep.include({ fresh: true, records: [] });

    const other = new Machine();
    await other.ticks(await other.writer('a'), 0, 5);
    other.time += 10_000;
    expect(await other.position('b', { renditions: ['w'] })).to.deep.include({ fresh: true, records: [] });
  });

  it('finds the last claim when the hint is lost', async () => {
    const machine = new Machine();
    await machine.ticks(await machine.writer('a'), 0, 2 * PARTS);
    const msn = (await lastClaim(machine.store, CHANNEL))!.msn;
    await machine.store.delete(keys.lastClaim(CHANNEL));
    machine.time += 10_000;
    expect((await machine.position('b')).msn).to.equal(msn + 1);
  });

  it('writes the whole segments that the writer before could not', async () => {
    const machine = new Machine();
    await machine.ticks(await machine.writer('a'), 0, 5);
    const msn = (await lastClaim(machine.store, CHANNEL))!.msn;
    machine.time += 10_000;
    const { found } = await machine.position('b');
    expect(await machine.store.read(keys.segment(CHANNEL, 'v', msn))).to.equal(undefined);
    await writeMissingSegments(machine.stores, found);
    const segment = await machine.store.read(keys.segment(CHANNEL, 'v', msn));
    expect(segment?.equals(Buffer.concat([0, 1, 2, 3, 4].map(media)))).to.equal(true);
  });
});
