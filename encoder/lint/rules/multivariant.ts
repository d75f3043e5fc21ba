/** Rules about the multivariant playlist: M1 to M8, and T23's declaration. */
import { number, text, type Attributes } from '../attributes';
import type { Collector } from '../collector';
import type { MultivariantPlaylist, Variant } from '../playlist';
import type { Rendition } from '../world';
import { lastOf } from '../world';

const VIDEO_CODEC = /^(avc|hvc|hev|dvh|dva|av01|vp0?[89]|vvc)/;

export const codecsOf = (attributes: Attributes): string[] =>
  (text(attributes, 'CODECS') ?? '')
    .split(',')
    .map((codec) => codec.trim())
    .filter((codec) => codec !== '');

const isVideo = ({ attributes }: Variant): boolean =>
  attributes.has('RESOLUTION') || codecsOf(attributes).some((codec) => VIDEO_CODEC.test(codec));

/** `hvc1.2.4.H153.B0`: tier H or L, then 30 times the level. */
function hevcProblem(codec: string): string | undefined {
  const [, space = '', , tierLevel = ''] = codec.split('.');
  const profile = Number(space.replace(/^[A-C]/, ''));
  const level = Number(tierLevel.slice(1));
  if (profile > 2) return `profile ${profile} is neither Main nor Main 10`;
  return level > 153 ? `level ${level / 30} is above 5.1` : undefined;
}

function checkVariant(playlist: MultivariantPlaylist, variant: Variant, collector: Collector): void {
  const { attributes, line, uri } = variant;
  const place = { url: playlist.url, line, uri };
  const peak = number(attributes, 'BANDWIDTH');
  const mean = number(attributes, 'AVERAGE-BANDWIDTH');
  collector.checked('M1', 'M2');
  if (mean === undefined) collector.report('M1', 'average', place, 'the variant has no AVERAGE-BANDWIDTH');
  else if (peak !== undefined && mean > peak) {
    collector.report('M1', 'order', place, `AVERAGE-BANDWIDTH ${mean} is larger than BANDWIDTH ${peak}`);
  }
  const codecs = codecsOf(attributes);
  if (codecs.length === 0) collector.report('M2', 'codecs', place, 'the variant has no CODECS');
  if (isVideo(variant)) {
    collector.checked('M3');
    const missing = ['RESOLUTION', 'FRAME-RATE'].filter((name) => !attributes.has(name));
    if (missing.length > 0)
      collector.report('M3', 'missing', place, `the video variant has no ${missing.join(' and no ')}`);
  }
  for (const codec of codecs) {
    if (!/^(hvc1|hev1)/.test(codec)) continue;
    collector.checked('M6', 'M7');
    if (codec.startsWith('hev1')) collector.report('M6', 'hev1', place, `CODECS has ${codec}`);
    const problem = hevcProblem(codec);
    if (problem !== undefined) collector.report('M7', 'level', place, `${codec}: ${problem}`);
  }
}

function checkRanges(playlist: MultivariantPlaylist, collector: Collector): void {
  const video = playlist.variants.filter(isVideo);
  const ranges = new Set(video.map(({ attributes }) => text(attributes, 'VIDEO-RANGE')));
  collector.checked('M4');
  const others = [...ranges].filter((range) => range !== undefined && range !== 'SDR');
  const without = video.find(({ attributes }) => !attributes.has('VIDEO-RANGE'));
  if (others.length > 0 && without !== undefined) {
    const place = { url: playlist.url, line: without.line, uri: without.uri };
    collector.report(
      'M4',
      'missing',
      place,
      `the variant has no VIDEO-RANGE, and others are ${others.join(', ')}`,
    );
  }
}

function checkGroups(playlist: MultivariantPlaylist, collector: Collector): void {
  collector.checked('M5');
  const groups = new Set(
    playlist.media.map(({ attributes }) => `${text(attributes, 'TYPE')}/${text(attributes, 'GROUP-ID')}`),
  );
  for (const { attributes, line, uri } of playlist.variants) {
    for (const type of ['AUDIO', 'VIDEO', 'SUBTITLES']) {
      const group = text(attributes, type);
      if (group === undefined || groups.has(`${type}/${group}`)) continue;
      collector.report(
        'M5',
        `no ${type} ${group}`,
        { url: playlist.url, line, uri },
        `the variant names the ${type} group "${group}", and no #EXT-X-MEDIA has it`,
      );
    }
  }
  const names = new Map<string, number>();
  const defaults = new Map<string, number>();
  for (const { attributes, line } of playlist.media) {
    const place = { url: playlist.url, line };
    const type = text(attributes, 'TYPE') ?? '';
    const group = `${type} group "${text(attributes, 'GROUP-ID') ?? ''}"`;
    const name = text(attributes, 'NAME') ?? '';
    if ((type === 'AUDIO' || type === 'SUBTITLES') && !attributes.has('LANGUAGE')) {
      collector.report('M5', 'language', place, `"${name}" of the ${group} has no LANGUAGE`);
    }
    if (type === 'SUBTITLES' && !attributes.has('URI'))
      collector.report('M5', 'uri', place, `the subtitles "${name}" have no URI`);
    const key = `${group}/${name}`;
    const earlier = names.get(key);
    if (earlier !== undefined)
      collector.report('M5', 'name', place, `the ${group} has "${name}" already on line ${earlier}`);
    names.set(key, line);
    if (text(attributes, 'DEFAULT') !== 'YES') continue;
    const other = defaults.get(group);
    if (other !== undefined)
      collector.report('M5', 'default', place, `the ${group} has a DEFAULT already on line ${other}`);
    defaults.set(group, line);
  }
}

function checkAlternative(playlist: MultivariantPlaylist, collector: Collector): void {
  const codecs = playlist.variants.flatMap(({ attributes }) => codecsOf(attributes));
  if (!codecs.some((codec) => VIDEO_CODEC.test(codec))) return;
  collector.checked('M8');
  const hevc = playlist.variants.find(({ attributes }) =>
    codecsOf(attributes).some((codec) => /^(hvc|hev)/.test(codec)),
  );
  if (hevc !== undefined && !codecs.some((codec) => codec.startsWith('avc'))) {
    collector.report('M8', 'h264', { url: playlist.url, line: hevc.line }, 'all video is HEVC');
  }
}

function checkIndependentSegments(
  playlist: MultivariantPlaylist,
  renditions: readonly Rendition[],
  collector: Collector,
): void {
  const video = renditions.filter(({ role }) => role === 'video').map(lastOf);
  collector.checked('T23');
  const everywhere = video.length > 0 && video.every((media) => media?.independentSegments === true);
  if (playlist.independentSegments || everywhere || !playlist.variants.some(isVideo)) return;
  collector.report(
    'T23',
    'independent',
    { url: playlist.url },
    'neither the multivariant playlist nor every video playlist has #EXT-X-INDEPENDENT-SEGMENTS',
    { severity: 'warning' },
  );
}

export function checkMultivariant(
  playlist: MultivariantPlaylist,
  renditions: readonly Rendition[],
  collector: Collector,
): void {
  for (const variant of playlist.variants) checkVariant(playlist, variant, collector);
  if (playlist.variants.length === 0) {
    collector.report('S3', 'variants', { url: playlist.url }, 'the multivariant playlist has no variant');
  }
  checkRanges(playlist, collector);
  checkGroups(playlist, collector);
  checkAlternative(playlist, collector);
  checkIndependentSegments(playlist, renditions, collector);
}
