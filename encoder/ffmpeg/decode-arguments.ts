/**
 * Arguments of the ffmpeg that decodes a contribution stream: raw pictures of the size of the ladder's largest rung,
 * and raw sound, each with its timestamps on a pipe of their own. It keeps no time: pictures leave as they are
 * decoded, and the conforming stage decides what each frame of the programme shows.
 */
import { PTS_RATE } from '../ingest/conform';
import { deinterlace } from './deinterlace';
import type { PictureFormat } from './job';

export interface DecodeJob {
  readonly container: 'mpegts' | 'flv';
  /** Stream id (the PID in MPEG-TS) of the pictures; the first video stream where the container has no ids. */
  readonly video?: number;
  /** Stream ids of the sound that is wanted, or `first` where the container has no ids. */
  readonly sound: readonly (number | 'first')[];
  readonly picture: PictureFormat;
  /** Frames a second of the channel: from about 50 on, every field of an interlaced source becomes a picture. */
  readonly framesPerSecond: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Decode, deinterlace and scale on an NVIDIA GPU. */
  readonly hardware: boolean;
}

/** Samples of each block of sound that has a timestamp. */
export const SOUND_BLOCK_SAMPLES = 1024;

/** Descriptors of the child: 0 takes the stream, then a pair for the pictures, then one for each track of sound. */
export const DECODE_FDS = { pictures: 3, pictureTimes: 4, firstSound: 5 } as const;

export function decodeArguments(job: DecodeJob): string[] {
  const video = job.video === undefined ? '0:v:0' : `0:i:${job.video}`;
  return [
    ...['-hide_banner', '-loglevel', 'level+warning', '-nostats'],
    // Timestamps are passed on as they are; what is wrong with them is the conforming stage's business.
    // What is read to learn the streams is decoded too (no `nobuffer`), so that the first GOP is not lost.
    ...['-copyts', '-probesize', '2M', '-analyzeduration', '500000', '-fpsprobesize', '0'],
    ...['-max_error_rate', '1', '-thread_type', 'slice'],
    ...(job.hardware ? ['-hwaccel', 'cuda', '-hwaccel_output_format', 'cuda'] : []),
    ...['-f', job.container, '-i', 'pipe:0'],
    ...['-map', video, '-vf', pictureFilters(job), '-fps_mode', 'passthrough'],
    ...['-f', 'rawvideo', `pipe:${DECODE_FDS.pictures}`],
    ...job.sound.flatMap((id, i) => {
      const fd = DECODE_FDS.firstSound + 2 * i;
      return [
        ...['-map', id === 'first' ? '0:a:0' : `0:i:${id}`, '-af', soundFilters(job.sampleRate, fd + 1)],
        ...['-c:a', 'pcm_s16le', '-flush_packets', '1', '-f', 's16le', `pipe:${fd}`],
      ];
    }),
  ];
}

function pictureFilters(job: DecodeJob): string {
  const { width, height, pixelFormat } = job.picture;
  // By display aspect ratio: contribution pictures need not have square pixels.
  const size = `w='trunc(min(${width},${height}*dar)/2)*2':h='trunc(min(${height},${width}/dar)/2)*2'`;
  const pad = `pad=${width}:${height}:-1:-1,setsar=1`;
  const picture = job.hardware
    ? [
        deinterlace('yadif_cuda', job.framesPerSecond),
        `scale_cuda=${size}:format=${pixelFormat}`,
        `hwdownload,format=${pixelFormat}`,
        pad,
      ]
    : [
        deinterlace('bwdif', job.framesPerSecond),
        `scale=${size}:out_color_matrix=bt709:out_range=tv`,
        `format=${pixelFormat}`,
        pad,
      ];
  return [...picture, `settb=1/${PTS_RATE}`, ...times('metadata', DECODE_FDS.pictureTimes)].join(',');
}

const soundFilters = (sampleRate: number, fd: number): string =>
  [
    `aresample=${sampleRate}`,
    'aformat=sample_fmts=s16:channel_layouts=stereo',
    `asetnsamples=n=${SOUND_BLOCK_SAMPLES}:p=0`,
    `asettb=1/${PTS_RATE}`,
    ...times('ametadata', fd),
  ].join(',');

/** A line for each frame: `frame:0 pts:132000 pts_time:1.46667`. Only frames with metadata are printed. */
const times = (filter: string, fd: number): string[] => [
  `${filter}=mode=add:key=t:value=1`,
  `${filter}=mode=print:direct=1:file=pipe\\\\:${fd}`,
];
