import {
  FRAME_RATES,
  PROFILES,
  segmentSeconds,
  tickGrid,
  type FrameRate,
  type Profile,
} from '../../../encoder/contract';
import {
  among,
  blocks,
  document,
  found,
  isValues,
  notApplicable,
  number,
  resourceRule,
  text,
  texts,
  type Resource,
  type Values,
} from '../../core';
import { TASK, containersOf, isEncoder, type Container } from './containers';

const CHANNEL = 'aws:medialive/channel:Channel';
const CLOUD_CONTROL = 'aws:cloudcontrol/resource:Resource';

interface Segments {
  readonly of: string;
  readonly seconds: number;
}

/** Options of ffmpeg, and of packagers that took them from it. */
const OPTIONS = ['-hls_time', '-seg_duration', '-segment_time', '--segment_duration', '--hls_time'];
const isOf = <T extends string>(all: readonly T[], value: string): value is T =>
  (all as readonly string[]).includes(value);

function ofContainer({ name, values, environment }: Container): readonly Segments[] {
  const words = [...texts(values, 'entryPoint'), ...texts(values, 'command')].flatMap((word) =>
    word.split(/[\s=]+/),
  );
  const given = words.flatMap((word, n) => (OPTIONS.includes(word) ? [Number(words[n + 1])] : []));
  const own = environment.get('SEGMENT_SECONDS');
  const profile = environment.get('PROFILE') ?? '';
  const rate = environment.get('FRAME_RATE') ?? '';
  const isGrid =
    isEncoder({ name, values, environment }) &&
    isOf<Profile>(PROFILES, profile) &&
    isOf<FrameRate>(FRAME_RATES, rate);
  const grid = isGrid ? [segmentSeconds(tickGrid(rate, profile))] : [];
  return [...given, ...(own === undefined ? [] : [Number(own)]), ...grid]
    .filter((seconds) => Number.isFinite(seconds))
    .map((seconds) => ({ of: `the container ${name}`, seconds }));
}

/** Where nothing is said MediaLive decides, which is not judged. */
const ofChannel = (channel: Resource): readonly Segments[] =>
  blocks(channel, 'encoderSettings')
    .flatMap((settings) => blocks(settings, 'outputGroups'))
    .flatMap((group) => blocks(group, 'outputGroupSettings'))
    .flatMap((settings) => blocks(settings, 'hlsGroupSettings'))
    .flatMap((hls) => {
      const seconds = number(hls, 'segmentLength');
      return seconds === undefined ? [] : [{ of: 'an HLS output', seconds }];
    });

/** Endpoints of MediaPackage have no class in @pulumi/aws 7, so programs make them by Cloud Control. */
function ofEndpoint(resource: Resource): readonly Segments[] {
  if (!/^AWS::MediaPackage(?:V2)?::OriginEndpoint$/.test(text(resource, 'typeName') ?? '')) return [];
  const state = document(resource, 'desiredState');
  if (!state || Array.isArray(state)) return [];
  return ['Segment', 'HlsPackage', 'CmafPackage', 'DashPackage']
    .map((part) => (state as Values)[part])
    .filter(isValues)
    .flatMap((part) => number(part, 'SegmentDurationSeconds') ?? [])
    .map((seconds) => ({ of: 'the endpoint', seconds }));
}

export const segmentsLastTwoToSixSeconds = resourceRule({
  id: 'segments-last-two-to-six-seconds',
  family: 'media',
  title: 'Segments last 2 to 6 seconds',
  severity: 'medium',
  controls: [],
  why: 'Players without low latency begin three segments behind, and all change quality at segments: longer ones are delay, shorter ones are requests and worse compression. Parts are a matter of their own.',
  fix: 'Write 2 to 6 seconds: `segmentLength: 4` of MediaLive, `SegmentDurationSeconds: 4` of MediaPackage, `-hls_time 4` of ffmpeg.',
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [TASK, CHANNEL, CLOUD_CONTROL],
  settings: {
    least: { type: 'number', default: 2, minimum: 1, description: 'The least, in seconds' },
    most: { type: 'number', default: 6, minimum: 1, description: 'The most, in seconds' },
  },
  check: (resource, { least, most }) => {
    const segments =
      resource.type === TASK
        ? containersOf(resource).flatMap(ofContainer)
        : resource.type === CHANNEL
          ? ofChannel(resource)
          : ofEndpoint(resource);
    if (segments.length === 0) return notApplicable('it does not say how long segments are');
    return found(
      among(segments, ({ of, seconds }) =>
        seconds < least || seconds > most
          ? [`${of} cuts segments of ${seconds} s, of ${least} to ${most}`]
          : [],
      ),
    );
  },
});
