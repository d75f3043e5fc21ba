/**
 * What a media file holds, by ffprobe. fluent-ffmpeg is used here and for single-output jobs only: it
 * cannot pass several output pipes (docs/decisions/0003-ffmpeg.md).
 */
import ffmpeg from 'fluent-ffmpeg';

export interface MediaFile {
  readonly video: {
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly frameRate: number;
  };
  readonly hasAudio: boolean;
  readonly seconds: number;
}

/** @throws Error naming the file and what is wrong with it */
export async function probeFile(path: string): Promise<MediaFile> {
  const data = await new Promise<ffmpeg.FfprobeData>((resolve, reject) => {
    ffmpeg.ffprobe(path, (error: Error | null, found) => {
      if (error) reject(new Error(`${path} cannot be read as media: ${lastLine(error.message)}`));
      else resolve(found);
    });
  });
  const video = data.streams.find((stream) => stream.codec_type === 'video');
  if (!video) throw new Error(`${path} has no video track; a source needs one`);
  const [numerator = 0, denominator = 1] = (video.avg_frame_rate ?? '').split('/').map(Number);
  return {
    video: {
      codec: video.codec_name ?? 'unknown',
      width: video.width ?? 0,
      height: video.height ?? 0,
      frameRate: numerator / denominator,
    },
    hasAudio: data.streams.some((stream) => stream.codec_type === 'audio'),
    seconds: Number(data.format.duration ?? 0),
  };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? text;
