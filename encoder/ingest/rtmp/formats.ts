/**
 * Which formats are taken: those that the FLV demuxer of ffmpeg 5.1 reads. It would pass the others on as data,
 * so that nothing is decoded and nobody is told why; they are refused by name instead.
 */
import type { AmfObject, AmfValue } from './amf0';

/** Sorenson H.263, Screen, VP6, VP6 with alpha, Screen 2, AVC, H.263, MPEG-4 part 2. */
const VIDEO_CODECS = new Set([2, 3, 4, 5, 6, 7, 8, 9]);
/** PCM, ADPCM, MP3, PCM, Nellymoser (4 to 6), A-law, mu-law, AAC, Speex, MP3 at 8 kHz. */
const AUDIO_CODECS = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 14]);

/** A number that came before enhanced RTMP, by common consent. */
const HEVC_CODEC = 12;
const ENHANCED_AUDIO = 9;

const VIDEO_NAMES: Readonly<Record<string, string>> = {
  hvc1: 'HEVC',
  av01: 'AV1',
  vp08: 'VP8',
  vp09: 'VP9',
  vvc1: 'VVC',
};
const AUDIO_NAMES: Readonly<Record<string, string>> = {
  Opus: 'Opus',
  fLaC: 'FLAC',
  'ac-3': 'AC-3',
  'ec-3': 'E-AC-3',
};
/** H.264, in the packets of enhanced RTMP. */
const ENHANCED_AVC = 'avc1';

/** @returns why the format of a video message is refused, and what to do */
export function refusedVideo(body: Buffer): string | undefined {
  const first = body.readUInt8();
  if ((first & 0x80) !== 0) return refusedVideoName(body.toString('latin1', 1, 5));
  const codec = first & 0x0f;
  return VIDEO_CODECS.has(codec) ? undefined : refusedVideoCodec(codec);
}

/** @returns why the format of an audio message is refused, and what to do */
export function refusedAudio(body: Buffer): string | undefined {
  const codec = body.readUInt8() >> 4;
  if (AUDIO_CODECS.has(codec)) return undefined;
  const name = codec === ENHANCED_AUDIO ? AUDIO_NAMES[body.toString('latin1', 1, 5)] : undefined;
  return `${name ?? `audio codec ${codec}`} over RTMP is not supported here: push AAC`;
}

/**
 * What `onMetaData` announces. Most encoders send it before any frame, so that a format is refused before a
 * session begins.
 */
export function refusedMetadata(metadata: AmfObject): string | undefined {
  const codec = metadata.get('videocodecid');
  if (typeof codec !== 'number' || codec === 0 || VIDEO_CODECS.has(codec)) return undefined;
  const name = fourCc(codec);
  // The frames tell whether they are enhanced.
  if (name === ENHANCED_AVC) return undefined;
  return name === undefined ? refusedVideoCodec(codec) : refusedVideoName(name);
}

/** Which tracks will come, where the metadata says so; both where it says nothing. */
export function announcedTracks(metadata: AmfObject | undefined): { video: boolean; audio: boolean } {
  const has = (value: AmfValue): boolean => value !== undefined && value !== null && value !== 0;
  const video = has(metadata?.get('videocodecid'));
  // 0 is PCM, but whoever sends that says more of it.
  const audio = has(metadata?.get('audiocodecid')) || has(metadata?.get('audiosamplerate'));
  return video || audio ? { video, audio } : { video: true, audio: true };
}

function refusedVideoName(name: string): string {
  if (name === ENHANCED_AVC)
    return 'H.264 in enhanced RTMP is not supported here: turn enhanced RTMP off, or push by SRT';
  return unsupportedVideo(VIDEO_NAMES[name] ?? 'this kind of enhanced RTMP video');
}

const refusedVideoCodec = (codec: number): string =>
  unsupportedVideo(codec === HEVC_CODEC ? 'HEVC' : `video codec ${Math.trunc(codec)}`);

const unsupportedVideo = (name: string): string =>
  name === 'HEVC'
    ? 'HEVC over RTMP is not supported here: push HEVC by SRT, or H.264 by RTMP'
    : `${name} over RTMP is not supported here: push H.264 by RTMP, or HEVC by SRT`;

/** Enhanced RTMP puts four characters into the number. */
function fourCc(codec: number): string | undefined {
  if (!Number.isInteger(codec) || codec < 0x20202020 || codec > 0x7e7e7e7e) return undefined;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(codec);
  return bytes.toString('latin1');
}
