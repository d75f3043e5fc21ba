/**
 * Plays a restamped channel as a strict client does, every rendition part by part, and measures what must hold for
 * as long as it is on air. Playlists and boxes are read by the linter's own readers, which share no code with what
 * wrote them.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import {
  AAC_FRAME_SAMPLES,
  audioFramesBefore,
  framesPerSegment,
  partsPerSegment,
  segmentSeconds,
} from '../../encoder/contract';
import { lintPlaylists } from '../../encoder/lint';
import { readFragments, readInit, type Track } from '../../encoder/lint/mp4';
import { parsePlaylist, type MediaPlaylist, type Segment } from '../../encoder/lint/playlist';
import type { Snapshot } from '../../encoder/lint/types';
import type { Answer } from '../encoder/origin/rig';
import type { LoopTrack } from './restamp';
import { LOOP_START_MS, type RestampedChannel } from './restamped-channel';

const ORIGIN = 'http://origin.example';

export interface MediaTime {
  /** Complete segments of each rendition that were read from playlists. */
  readonly segments: number;
  /** Versions of media playlists that were linted. */
  readonly versions: number;
  /** What the linter found that is an error or a warning, and answers that are none. */
  readonly findings: readonly string[];
  /** By rendition: the sum of all EXTINF less the time that its segments really cover, in seconds. */
  readonly extinfDrift: Readonly<Record<string, number>>;
  /** Most seconds by which an EXTINF is off its segment's media, and off the sum of its parts. */
  readonly extinfError: number;
  /** Shortest and longest part as shares of PART-TARGET. */
  readonly shortestPart: number;
  readonly longestPart: number;
  /** Most milliseconds between the dates of sound and picture for one number. */
  readonly dateSpreadMs: number;
  /** Most milliseconds between a date and the capture of the first sample by the frames counted so far. */
  readonly dateErrorMs: number;
  /** Frames whose decode time is not the grid's, and segments with more or fewer frames than the grid has. */
  readonly offGrid: readonly string[];
}

/** What must hold for any length of media, at any rate. */
export function expectMediaTimeHolds(result: MediaTime, { grid, tracks }: RestampedChannel): void {
  expect(result.findings).to.deep.equal([]);
  expect(result.offGrid).to.deep.equal([]);
  for (const { spec, frameTicks, timescale } of tracks) {
    // Picture segments end with the grid's; sound is cut at the last frame before. Each EXTINF has five decimals.
    const frame = spec.kind === 'audio' ? frameTicks / timescale : 0;
    expect(result.extinfDrift[spec.id], `EXTINF of ${spec.id}`).to.be.within(
      -frame - 5e-6 * result.segments,
      5e-6 * result.segments,
    );
  }
  expect(result.extinfError, 'rounding of one EXTINF').to.be.below(5.1e-6);
  expect(result.shortestPart).to.be.at.least(0.85);
  expect(result.longestPart).to.be.at.most(1);
  // Dates have whole milliseconds: each may be off by half of one.
  expect(result.dateSpreadMs).to.be.at.most((1000 * AAC_FRAME_SAMPLES) / grid.audioSampleRate + 1);
  expect(result.dateErrorMs).to.be.at.most(0.501);
}

/** Plays for so many seconds of media, in whole segments, to the end of the programme. */
export async function playMediaTime(channel: RestampedChannel, seconds: number): Promise<MediaTime> {
  const measures = new Measures(channel);
  await measures.open();
  const parts = partsPerSegment(channel.grid);
  const ticks = Math.ceil(seconds / segmentSeconds(channel.grid)) * parts;
  for (let tick = 1; tick < ticks; tick++) await measures.next(tick, () => channel.tick());
  await measures.next(ticks, () => channel.end());
  return measures.result();
}

class Measures {
  readonly #channel: RestampedChannel;
  readonly #boxes = new Map<string, readonly Track[]>();
  #multivariant: Snapshot | undefined;
  #batch: Snapshot[] = [];
  #segments = 0;
  #versions = 0;
  readonly #findings = new Set<string>();
  readonly #offGrid: string[] = [];
  readonly #extinf = new Map<string, number>();
  #extinfError = 0;
  #shortest = Infinity;
  #longest = 0;
  #spread = 0;
  #dateError = 0;

  constructor(channel: RestampedChannel) {
    this.#channel = channel;
  }

  /** The first tick, and what a client reads first. */
  async open(): Promise<void> {
    const channel = this.#channel;
    await channel.tick();
    const index = await channel.ask('index.m3u8');
    this.#multivariant = { url: ORIGIN + channel.url('index.m3u8'), text: index.text };
    await this.#take(channel.tracks.map(({ spec }) => channel.ask(`${spec.id}.m3u8`)));
    for (const [i, { spec }] of channel.tracks.entries()) {
      const uri = mediaOf(this.#batch[i]!).segments[0]?.map?.uri ?? '';
      this.#boxes.set(spec.id, readInit((await channel.ask(uri)).body).tracks);
    }
  }

  /** Asks for a part before it is made, as players do, and lets it be made. */
  async next(tick: number, make: () => Promise<void>): Promise<void> {
    const channel = this.#channel;
    const { msn, part } = channel.position(tick);
    let answered = 0;
    const answers = channel.tracks.map(({ spec }, i) => {
      // One rendition takes delta updates, but never for the last part of a segment: the next lint begins there.
      const skip = i === 1 && part % 2 === 0 && part > 0 ? '&_HLS_skip=YES' : '';
      return channel
        .ask(`${spec.id}.m3u8?_HLS_msn=${msn}&_HLS_part=${part}${skip}`)
        .finally(() => answered++);
    });
    while (channel.rig.origin.waiting < answers.length && answered === 0) await turn();
    if (answered > 0) this.#findings.add(`part ${part} of segment ${msn} was answered before it was made`);
    await make();
    await channel.release();
    await this.#take(answers);
    if (part === 0) await this.#completed(msn - 1);
  }

  result(): MediaTime {
    const real = this.#segments * segmentSeconds(this.#channel.grid);
    return {
      segments: this.#segments,
      versions: this.#versions,
      findings: [...this.#findings],
      extinfDrift: Object.fromEntries([...this.#extinf].map(([id, sum]) => [id, sum - real])),
      extinfError: this.#extinfError,
      shortestPart: this.#shortest,
      longestPart: this.#longest,
      dateSpreadMs: this.#spread,
      dateErrorMs: this.#dateError,
      offGrid: this.#offGrid,
    };
  }

  async #take(answers: readonly Promise<Answer>[]): Promise<void> {
    const { tracks, now } = this.#channel;
    for (const [i, answer] of (await Promise.all(answers)).entries()) {
      const url = ORIGIN + this.#channel.url(`${tracks[i]!.spec.id}.m3u8`);
      if (answer.status !== 200) this.#findings.add(`${url}: ${answer.status} ${answer.text}`);
      this.#batch.push({ url, text: answer.text, receivedAtMs: now, blocking: true });
      this.#versions++;
    }
  }

  /** A segment is complete: lints all versions since the one before it, and measures the segment. */
  async #completed(msn: number): Promise<void> {
    const { tracks } = this.#channel;
    const newest = this.#batch.slice(-tracks.length);
    const report = lintPlaylists([this.#multivariant!, ...this.#batch]);
    for (const { severity, rule, place, found } of report.findings) {
      if (severity !== 'info')
        this.#findings.add(`${severity} ${rule} ${place.url}:${place.line ?? 0} ${found}`);
    }
    this.#batch = newest;
    const index = msn - this.#channel.firstMsn;
    const dates: number[] = [];
    for (const [i, track] of tracks.entries()) {
      const playlist = mediaOf(newest[i]!);
      const segment = playlist.segments.find((candidate) => candidate.msn === msn);
      if (segment?.uri === undefined) throw new Error(`segment ${msn} of ${track.spec.id} is not complete`);
      this.#measureTimes(track, index, playlist, segment);
      dates.push(segment.dateTime?.ms ?? NaN);
      await this.#measureMedia(track, index, segment);
    }
    this.#spread = Math.max(this.#spread, Math.max(...dates) - Math.min(...dates));
    this.#segments++;
  }

  #measureTimes(track: LoopTrack, index: number, playlist: MediaPlaylist, segment: Segment): void {
    const { id } = track.spec;
    this.#extinf.set(id, (this.#extinf.get(id) ?? 0) + segment.duration);
    const frames = this.#firstFrame(track, index + 1) - this.#firstFrame(track, index);
    const media = (frames * track.frameTicks) / track.timescale;
    const parts = segment.parts.reduce((sum, { duration }) => sum + duration, 0);
    for (const length of [media, parts]) {
      this.#extinfError = Math.max(this.#extinfError, Math.abs(segment.duration - length));
    }
    if (segment.parts.length !== partsPerSegment(this.#channel.grid)) {
      this.#findings.add(`segment ${segment.msn} of ${id} lists ${segment.parts.length} parts`);
    }
    for (const { duration } of segment.parts) {
      this.#shortest = Math.min(this.#shortest, duration / playlist.partTarget!);
      this.#longest = Math.max(this.#longest, duration / playlist.partTarget!);
    }
    const captured =
      LOOP_START_MS + (1000 * this.#firstFrame(track, index) * track.frameTicks) / track.timescale;
    this.#dateError = Math.max(this.#dateError, Math.abs((segment.dateTime?.ms ?? NaN) - captured));
  }

  /** The segment as a whole, and one of its parts, another one each time. */
  async #measureMedia(track: LoopTrack, index: number, segment: Segment): Promise<void> {
    const channel = this.#channel;
    const { id } = track.spec;
    const first = this.#firstFrame(track, index);
    const whole = await channel.ask(segment.uri!);
    const fragments = readFragments(whole.body, this.#boxes.get(id)!);
    if (fragments.length !== this.#firstFrame(track, index + 1) - first) {
      this.#offGrid.push(`segment ${segment.msn} of ${id} has ${fragments.length} frames`);
    }
    for (const [i, { decodeTime, duration }] of fragments.entries()) {
      const due = channel.firstTime(track) + BigInt(first + i) * BigInt(track.frameTicks);
      if (decodeTime === due && duration === BigInt(track.frameTicks)) continue;
      this.#offGrid.push(
        `frame ${first + i} of ${id} is at ${decodeTime ?? 'no time'}, on the grid at ${due}`,
      );
    }
    const part = segment.parts[index % segment.parts.length]!;
    const { body } = await channel.ask(part.uri);
    const [begun] = readFragments(body, this.#boxes.get(id)!);
    if (body.length === 0 || !whole.body.includes(body) || begun === undefined) {
      this.#offGrid.push(`${part.uri} is no part of ${segment.uri}`);
    }
  }

  /** Frames of a track before its segment, by the grid. */
  #firstFrame({ spec }: LoopTrack, index: number): number {
    const { grid } = this.#channel;
    return spec.kind === 'video'
      ? index * framesPerSegment(grid)
      : audioFramesBefore(grid, index * partsPerSegment(grid));
  }
}

function mediaOf({ url, text }: Snapshot): MediaPlaylist {
  const playlist = parsePlaylist(url, text);
  if (playlist.kind !== 'media') throw new Error(`${url} is no media playlist`);
  return playlist;
}
