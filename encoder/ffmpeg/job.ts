/** What ffmpeg is asked to do, and what follows from it alone. */
import { frameRateFraction, type FrameRate, type Ladder, type TickGrid, type VideoRung } from '../contract';

/** Where pictures are scaled and encoded: by x264, x265 and SVT-AV1, or on an NVIDIA GPU. */
export type Engine = 'software' | 'nvenc';

export type Source =
  | { readonly kind: 'test' }
  | { readonly kind: 'file'; readonly path: string; readonly loop: boolean }
  /** Raw pictures and PCM from the process that starts ffmpeg: on time, at the frame rate, of {@link pictureFormat}. */
  | { readonly kind: 'frames' };

export interface EncodeJob {
  readonly source: Source;
  readonly ladder: Ladder;
  readonly frameRate: FrameRate;
  readonly grid: TickGrid;
  /** Whether the file has sound; silence takes its place where not. */
  readonly sourceHasAudio?: boolean;
  /** @default 'software' */
  readonly engine?: Engine;
  /** Where ffmpeg reads pictures and sound; absent: from its descriptors, and then it takes no commands. See input-sockets.ts. */
  readonly inputs?: InputAddresses;
}

/** Addresses as ffmpeg takes them, for example `unix:/tmp/x/pictures`. */
export interface InputAddresses {
  readonly pictures: string;
  /** One a rendition of sound where the source is frames. */
  readonly sound: readonly string[];
}

/** The frame rate as ffmpeg takes it, for example `30000/1001`. */
export const fraction = (rate: FrameRate): string => {
  const { numerator, denominator } = frameRateFraction(rate);
  return `${numerator}/${denominator}`;
};

/** The rung with the most pixels; the first of them. */
export const largestRung = (ladder: Ladder): VideoRung =>
  ladder.video.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));

export interface PictureFormat {
  readonly width: number;
  readonly height: number;
  /** Planar in software; with interleaved chroma, as NVENC takes it, on the GPU. */
  readonly pixelFormat: 'yuv420p' | 'yuv420p10le' | 'nv12' | 'p010le';
  /** Bytes a picture, rows without padding. */
  readonly bytes: number;
}

/** The picture that all rungs are made of: the largest rung's size, 10 bit when any rung is. */
export function pictureFormat(ladder: Ladder, engine: Engine): PictureFormat {
  const { width, height } = largestRung(ladder);
  const deep = ladder.video.some(({ bitDepth }) => bitDepth === 10);
  const pixelFormat = engine === 'nvenc' ? (deep ? 'p010le' : 'nv12') : deep ? 'yuv420p10le' : 'yuv420p';
  return { width, height, pixelFormat, bytes: ((width * height * 3) / 2) * (deep ? 2 : 1) };
}
