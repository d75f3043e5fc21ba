/**
 * Writes a channel's ticks to the store: a claim ahead of each segment, a bundle a tick, the whole segments
 * when they are complete. One writer at a time owns a channel; whoever meets somebody else's claim or end
 * bundle stops at once.
 */
import {
  keys,
  partsPerSegment,
  RECORDS_PER_CLAIM,
  tickSeconds,
  tickTicks,
  type BundleHeader,
  type BundlePart,
  type CaptionInfo,
  type Claim,
  type RenditionInfo,
  type SegmentRecord,
  type TickGrid,
} from '../contract';
import { encodeBundle, readBundle, type Bundle } from '../store/bundle';
import { createClaim } from '../store/claims';
import type { ChannelStores, ObjectWriter } from '../store/store';
import type { Tick } from './assembler';
import { sealSegment, type Position } from './take-over';
import { segmentRecord, type SegmentState } from './segment-state';
import { gapTick } from './gap-part';
import { Timeline } from './timeline';

/** How long before a segment its claim is made. */
const CLAIM_AHEAD_SECONDS = 0.5;

export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** What stays the same from one discontinuity to the next. */
export interface Generation {
  readonly grid: TickGrid;
  readonly renditions: readonly RenditionInfo[];
  /** Init hash by rendition. */
  readonly inits: ReadonlyMap<string, string>;
  readonly timeline: Timeline;
}

export interface WrittenTick {
  readonly msn: number;
  readonly tick: number;
  readonly bytes: number;
  /** Milliseconds from the end of the tick's last frame, by the claim's clock, to its bundle in the store. */
  readonly lateMs: number;
}

export interface SegmentWriterOptions {
  readonly stores: ChannelStores;
  readonly channel: string;
  readonly writer: string;
  readonly now: () => number;
  /** Caption services of the video, as far as they are known; asked at each claim. */
  readonly captions?: () => readonly CaptionInfo[];
  /** Called when a segment is complete and on record, with its length in seconds. */
  readonly onSegment?: (record: SegmentRecord, seconds: number) => void;
  /** Called when a bundle is in the store. */
  readonly onTick?: (tick: WrittenTick) => void;
}

interface OpenSegment extends SegmentState {
  readonly bundles: SegmentState['bundles'][number][];
  /** The whole segments, by rendition; they grow while their parts are at hand. */
  readonly objects: ReadonlyMap<string, ObjectWriter>;
}

export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #msn: number;
  #generationNumber: number;
  #records: SegmentRecord[];
  #generation: Generation | undefined;
  #lastGeneration: Generation | undefined;
  #ticks = 0;
  #open: OpenSegment | undefined;
  #nextClaim: Promise<Claim> | undefined;
  #segmentWrites: Promise<unknown> = Promise.resolve();
  #leaving = false;
  #fresh: boolean;

  constructor(options: SegmentWriterOptions, position: Position) {
    this.#options = options;
    this.#msn = position.msn;
    this.#generationNumber = position.generation;
    this.#records = [...position.records];
    this.#fresh = position.fresh;
  }

  /** Whether every claimed segment is complete, so that a writer that leaves now leaves nothing open. */
  get atRest(): boolean {
    return !this.#open && !this.#nextClaim;
  }

  /** Begins a generation: claims its first segment. @throws FencedError */
  async begin(generation: Generation): Promise<void> {
    this.#generation = generation;
    this.#lastGeneration = generation;
    this.#ticks = 0;
    this.#nextClaim = this.#claim(0);
    await this.#nextClaim;
  }

  /** Ticks that the generation has, or had when it has ended. */
  get ticks(): number {
    return this.#ticks;
  }

  /**
   * Begins a generation without media, like the one before it in all else: {@link writeGap} writes its ticks.
   * @param anchor Unix milliseconds of its first frame
   * @throws FencedError
   */
  async beginGap(anchor: number): Promise<void> {
    const like = this.#lastGeneration;
    if (!like) throw new Error('a gap before the first generation');
    await this.begin({ ...like, timeline: new Timeline(like.grid, anchor) });
  }

  /** The next tick passes without media. @throws FencedError */
  async writeGap(): Promise<void> {
    const { grid, renditions } = this.#generation!;
    await this.write(gapTick(renditions, grid, this.#ticks));
  }

  /** No further claims: what is claimed is finished, then {@link atRest} is true. */
  leave(): void {
    this.#leaving = true;
  }

  /** Writes the next tick. Call in order, one at a time. @throws FencedError */
  async write(tick: Tick): Promise<void> {
    const { grid } = this.#generation!;
    const parts = partsPerSegment(grid);
    const local = tick.index % parts;
    if (local === 0) await this.#openSegment();
    const open = this.#open!;
    const { header, media } = this.#bundle(open.claim, local, tick);
    const written = await this.#createBundle(header, media);
    // While one tick is appended the next one may come; a store that is slower than the media shows here.
    await this.#segmentWrites;
    this.#segmentWrites = this.#append(open, tick);
    this.#segmentWrites.catch(() => undefined);
    open.bundles.push(written);
    this.#ticks = tick.index + 1;
    this.#options.onTick?.({
      msn: open.claim.msn,
      tick: local,
      bytes: media.reduce((sum, chunk) => sum + chunk.length, 0),
      lateMs: this.#options.now() - open.claim.anchor - (local + 1) * tickSeconds(grid) * 1000,
    });
    if (local === this.#claimTick(parts) && !this.#leaving) {
      this.#nextClaim = this.#claim(tick.index - local + parts);
      // Awaited when the next segment begins; until then a refusal must not count as unhandled.
      this.#nextClaim.catch(() => undefined);
    }
    if (local === parts - 1) await this.#completeSegment();
  }

  /**
   * Ends what is open: the generation is over, or the writer leaves. `final` ends the programme (ENDLIST).
   * @throws FencedError
   */
  async end(reason: { final: boolean }): Promise<void> {
    // A generation that never began has left nothing behind.
    if (!this.#generation) return;
    const claimed = await this.#nextClaim;
    this.#nextClaim = undefined;
    const { writer } = this.#options;
    const endBundle = ({ generation, msn }: Pick<Claim, 'msn' | 'generation'>, tick: number) =>
      this.#createBundle({ writer, generation, msn, tick, parts: [], end: reason }, []);
    const last = this.#records.at(-1);
    if (this.#open) {
      const open = this.#open;
      await this.#completeSegment(await endBundle(open.claim, open.bundles.length));
    } else if (claimed && reason.final) {
      await endBundle(claimed, 0);
    } else if (!claimed && last && !last.gap) {
      // After a whole segment the end stands one tick behind its last.
      await endBundle(last, last.ticks);
    }
    // A segment that was claimed ahead and will have no tick is a gap, unless nothing follows it.
    if (claimed && !reason.final) {
      const sealed = await sealSegment(this.#options, { claim: claimed, bundles: [] }, this.#records.at(-1));
      this.#record(segmentRecord(sealed), 0);
      this.#msn++;
    }
    this.#generationNumber++;
    this.#generation = undefined;
    await this.#segmentWrites;
  }

  #claimTick(parts: number): number {
    const ahead = Math.ceil(CLAIM_AHEAD_SECONDS / tickSeconds(this.#generation!.grid));
    return Math.max(0, parts - 1 - ahead);
  }

  async #openSegment(): Promise<void> {
    if (!this.#nextClaim) throw new Error('a tick after the last claimed segment');
    const claim = await this.#nextClaim;
    this.#nextClaim = undefined;
    const { stores, channel } = this.#options;
    const objects = claim.renditions.map(
      ({ id }) => [id, stores.general.begin(keys.segment(channel, id, claim.msn))] as const,
    );
    this.#open = { claim, bundles: [], objects: new Map(objects) };
  }

  /** @param tickIndex the segment's first tick, counted from the generation's */
  async #claim(tickIndex: number): Promise<Claim> {
    const { channel, writer, stores } = this.#options;
    const { grid, renditions, timeline } = this.#generation!;
    const claim: Claim = {
      v: 1,
      channel,
      msn: this.#open ? this.#msn + 1 : this.#msn,
      writer,
      generation: this.#generationNumber,
      grid,
      anchor: timeline.anchor(tickIndex * grid.framesPerPart),
      start: tickIndex * tickTicks(grid),
      renditions: this.#declared(renditions),
      records: this.#records,
      ...(this.#fresh && { fresh: true }),
    };
    this.#fresh = false;
    if (!(await createClaim(stores.general, claim))) {
      throw new FencedError(`${keys.claim(channel, claim.msn)} belongs to another writer`);
    }
    return claim;
  }

  #declared(renditions: readonly RenditionInfo[]): readonly RenditionInfo[] {
    const captions = this.#options.captions?.() ?? [];
    if (captions.length === 0) return renditions;
    return renditions.map((rendition) =>
      rendition.kind === 'video' ? { ...rendition, captions } : rendition,
    );
  }

  #bundle(claim: Claim, local: number, tick: Tick) {
    const parts: BundlePart[] = [];
    const media: Uint8Array[] = [];
    let offset = 0;
    for (const { id } of claim.renditions) {
      const part = tick.parts.get(id)!;
      parts.push({
        rendition: id,
        init: this.#generation!.inits.get(id)!,
        offset,
        length: part.length,
        start: part.start,
        duration: part.duration,
        independent: part.independent,
        ...(part.gap && { gap: true as const }),
      });
      offset += part.length;
      media.push(...part.bytes);
    }
    const header = {
      writer: claim.writer,
      generation: claim.generation,
      msn: claim.msn,
      tick: local,
      parts,
    };
    return { header, media };
  }

  /** Writes a bundle. One that is there already is this writer's own, its answer lost, or somebody else's. */
  async #createBundle(header: BundleHeader, media: readonly Uint8Array[]): Promise<Bundle> {
    const { stores, channel, writer } = this.#options;
    const { msn, tick } = header;
    const body = encodeBundle(header, media);
    if (!(await stores.edge.create(keys.bundle(channel, msn, tick), body))) {
      const existing = await readBundle(stores.edge, channel, msn, tick);
      if (existing?.writer !== writer) {
        throw new FencedError(`${keys.bundle(channel, msn, tick)} belongs to another writer`);
      }
    }
    return { ...header, mediaStart: body[0]!.length + body[1]!.length };
  }

  async #completeSegment(end?: SegmentState['end']): Promise<void> {
    const open = this.#open!;
    this.#open = undefined;
    this.#msn++;
    const record = segmentRecord({ ...open, ...(end && { end }) });
    this.#record(record, record.ticks * tickSeconds(open.claim.grid));
    const appended = this.#segmentWrites;
    this.#segmentWrites = appended.then(() =>
      // A segment that is a gap in a rendition has no object there.
      Promise.all(
        [...open.objects].map(([id, object]) => (record.tracks[id]?.gap ? object.abort() : object.commit())),
      ),
    );
    this.#segmentWrites.catch(() => undefined);
  }

  async #append({ objects }: OpenSegment, tick: Tick): Promise<void> {
    await Promise.all([...objects].map(([id, object]) => object.append(tick.parts.get(id)!.bytes)));
  }

  #record(record: SegmentRecord, seconds: number): void {
    this.#records = [...this.#records, record].slice(-RECORDS_PER_CLAIM);
    this.#options.onSegment?.(record, seconds);
  }
}
