/**
 * A conforming stream as playlists over time: two video renditions and one audio, cut on one grid of a third of a
 * second, the audio at the last AAC frame that ends at or before the tick. Written apart from the packager, so that
 * the linter's tests depend on neither.
 */
import type { Snapshot } from '../../../encoder/lint/types';

export const BASE = 'https://cdn.example/live/one/';
export const PART_TARGET = 0.34134;
const TICK = 1 / 3;
const TICKS_PER_SEGMENT = 12;
const WINDOW = 15;
const FRAME = 1024 / 48_000;
const EPOCH = Date.parse('2026-11-21T08:00:00.000Z');

export interface Shape {
  /** Ticks of each segment in turn; the rest have twelve. */
  readonly ticks?: Readonly<Record<number, number>>;
  /** Segments (counted from 0) that follow a discontinuity. */
  readonly discontinuities?: readonly number[];
  readonly gaps?: readonly number[];
  /** The tag goes when its segment is the first listed; the sequence number counts it at once. */
  readonly dropsFirstTag?: boolean;
  /** What a restart lost, in seconds, before each discontinuity. */
  readonly lost?: number;
}

export const NAMES = ['v1080', 'v720', 'a128'] as const;
export type Name = (typeof NAMES)[number];
const FIRST_MSN = 893_000_000;

interface Planned {
  readonly index: number;
  readonly firstTick: number;
  readonly ticks: number;
  readonly generation: number;
  readonly discontinuity: boolean;
  readonly gap: boolean;
  readonly lost: number;
}

function plan(shape: Shape, lastTick: number): Planned[] {
  const segments: Planned[] = [];
  let firstTick = 0;
  let generation = 4;
  let lost = 0;
  for (let index = 0; firstTick <= lastTick; index++) {
    const ticks = shape.ticks?.[index] ?? TICKS_PER_SEGMENT;
    const discontinuity = shape.discontinuities?.includes(index) ?? false;
    if (discontinuity) {
      generation += 1;
      lost += shape.lost ?? 1.7;
    }
    segments.push({
      index,
      firstTick,
      ticks,
      generation,
      discontinuity,
      gap: shape.gaps?.includes(index) ?? false,
      lost,
    });
    firstTick += ticks;
  }
  return segments;
}

/** When a tick begins in the rendition, in seconds. */
const startOf = (name: Name, tick: number): number =>
  name === 'a128' ? Math.floor((tick * TICK) / FRAME + 1e-9) * FRAME : tick * TICK;

const seconds = (value: number): string => value.toFixed(5);

function partLine(name: Name, segment: Planned, part: number): string {
  const tick = segment.firstTick + part;
  const duration = seconds(startOf(name, tick + 1) - startOf(name, tick));
  const independent = name === 'a128' || part % 6 === 0 ? ',INDEPENDENT=YES' : '';
  return `#EXT-X-PART:DURATION=${duration},URI="p/${name}/${FIRST_MSN + segment.index}.${part}.m4s"${independent}`;
}

export interface Version {
  readonly name: Name;
  /** Parts that exist: ticks 0 to this, exclusive. */
  readonly ticks: number;
  readonly shape?: Shape;
  readonly delta?: boolean;
}

export function mediaPlaylist({ name, ticks, shape = {}, delta = false }: Version): string {
  const all = plan(shape, ticks);
  const started = all.filter((segment) => segment.firstTick < ticks);
  const isComplete = (segment: Planned): boolean => segment.firstTick + segment.ticks <= ticks;
  const whole = started.filter(isComplete);
  const first = Math.max(0, whole.length - WINDOW);
  const listed = started.slice(first);
  const skippedCount = delta ? Math.max(0, whole.length - first - 6) : 0;
  const head = listed[0];
  // The number of the segment before the first listed one's own discontinuity.
  const sequence =
    (head?.generation ?? 4) - (head?.discontinuity === true && shape.dropsFirstTag !== true ? 1 : 0);
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${delta ? 9 : 6}`,
    '#EXT-X-TARGETDURATION:4',
    '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.02402,CAN-SKIP-UNTIL=24',
    `#EXT-X-PART-INF:PART-TARGET=${PART_TARGET}`,
    `#EXT-X-MEDIA-SEQUENCE:${FIRST_MSN + (head?.index ?? 0)}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${sequence}`,
  ];
  if (skippedCount > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skippedCount}`);
  else lines.push(`#EXT-X-MAP:URI="i/${name}/init${head?.generation ?? 4}.mp4"`);
  for (const [position, segment] of listed.slice(skippedCount).entries()) {
    const msn = FIRST_MSN + segment.index;
    if (segment.discontinuity && !(shape.dropsFirstTag === true && segment === head)) {
      lines.push('#EXT-X-DISCONTINUITY');
      if (position > 0 || skippedCount > 0)
        lines.push(`#EXT-X-MAP:URI="i/${name}/init${segment.generation}.mp4"`);
    }
    const start = EPOCH + (startOf(name, segment.firstTick) + segment.lost) * 1000;
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(start)).toISOString()}`);
    const newestWhole = whole.at(-1)?.index ?? -1;
    if (!segment.gap && (!isComplete(segment) || segment.index > newestWhole - 3)) {
      const count = Math.min(segment.ticks, ticks - segment.firstTick);
      for (let part = 0; part < count; part++) lines.push(partLine(name, segment, part));
    }
    if (!isComplete(segment)) continue;
    if (segment.gap) lines.push('#EXT-X-GAP');
    const duration = startOf(name, segment.firstTick + segment.ticks) - startOf(name, segment.firstTick);
    lines.push(`#EXTINF:${seconds(duration)},`, `s/${name}/${msn}.m4s`);
  }
  const current = all.find(
    (segment) => segment.firstTick <= ticks && ticks < segment.firstTick + segment.ticks,
  );
  if (current !== undefined) {
    const part = ticks - current.firstTick;
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="p/${name}/${FIRST_MSN + current.index}.${part}.m4s"`);
  }
  const last = started.at(-1);
  for (const other of NAMES.filter((candidate) => candidate !== name)) {
    const part = Math.min(last?.ticks ?? 0, ticks - (last?.firstTick ?? 0)) - 1;
    lines.push(
      `#EXT-X-RENDITION-REPORT:URI="${other}.m3u8",LAST-MSN=${FIRST_MSN + (last?.index ?? 0)},LAST-PART=${part}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

export const MULTIVARIANT = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="a128.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=6600000,AVERAGE-BANDWIDTH=5200000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=30.000,AUDIO="audio"
v1080.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=3600000,AVERAGE-BANDWIDTH=2800000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,AUDIO="audio"
v720.m3u8
`;

/** Every media playlist at each tick from `from` to `to`, and the multivariant playlist first. */
export function snapshots(from: number, to: number, shape: Shape = {}): Snapshot[] {
  const all: Snapshot[] = [{ url: `${BASE}index.m3u8`, text: MULTIVARIANT }];
  for (let ticks = from; ticks <= to; ticks++) {
    for (const [index, name] of NAMES.entries()) {
      all.push({
        url: `${BASE}${name}.m3u8`,
        text: mediaPlaylist({ name, ticks, shape }),
        receivedAtMs: ticks * TICK * 1000 + index * 3,
        blocking: true,
      });
    }
  }
  return all;
}
