/** Follows EXT-X-PROGRAM-DATE-TIME of a restamped channel, segment by segment, over HTTP. */
import { framesPerSegment, partsPerSegment } from '../../encoder/contract';
import { parsePlaylist } from '../../encoder/lint/playlist';
import { held } from '../encoder/origin/rig';
import type { RestampedChannel } from './restamped-channel';

export interface Dates {
  /** For each segment: its date less the capture of its first frame, in milliseconds. */
  readonly errorsMs: readonly number[];
  /** For each segment but the first: its date less the one before. */
  readonly stepsMs: readonly number[];
}

/** Plays so many segments, asking for the first part of each before it is made. */
export async function watchDates(channel: RestampedChannel, segments: number): Promise<Dates> {
  const { grid, rig, tracks } = channel;
  const parts = partsPerSegment(grid);
  const dates: number[] = [];
  await channel.tick();
  await channel.ask('index.m3u8');
  for (let segment = 0; segment < segments; segment++) {
    const { msn } = channel.position(segment * parts);
    const path = channel.url(`${tracks[0]!.spec.id}.m3u8?_HLS_msn=${msn}&_HLS_part=0`);
    const answer = segment === 0 ? rig.ask(path) : (await held(rig, path)).answer;
    if (segment > 0) {
      await channel.tick();
      await channel.release();
    }
    const playlist = parsePlaylist('http://origin.example/', (await answer).text);
    const newest = playlist.kind === 'media' ? playlist.segments.at(-1) : undefined;
    if (newest?.msn !== msn) throw new Error(`asked for segment ${msn}, got ${newest?.msn ?? 'none'}`);
    dates.push(newest.dateTime?.ms ?? NaN);
    for (let part = 1; part < parts; part++) await channel.tick();
  }
  return {
    errorsMs: dates.map((date, i) => date - channel.captureMs(i * framesPerSegment(grid))),
    stepsMs: dates.slice(1).map((date, i) => date - dates[i]!),
  };
}

/** NaN where one of the values is. */
export const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
