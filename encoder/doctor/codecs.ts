/** Software encoders and decoders, each tried: a build that lists one may still lack what it needs. */
import { install } from './advice';
import { failed, ok, warning, type Check } from './check';
import { tryAac, tryDecoder, tryVideoEncoder, type VideoEncoder } from './trial';

const encoder = (id: string, title: string, video: VideoEncoder): Check => ({
  id,
  title,
  needs: ['ffmpeg'],
  run: async (context) => {
    const { failure } = await tryVideoEncoder(context, video);
    if (failure === undefined) return ok('encoded a frame');
    return failed(failure, {
      needed: `a build with ${video.encoder}`,
      remedy: `Use Debian's: ${install(context.system, 'ffmpeg')}`,
    });
  },
});

const aac: Check = {
  id: 'encode-aac',
  title: 'Encode AAC',
  needs: ['ffmpeg'],
  run: async (context) => {
    const { failure } = await tryAac(context);
    if (failure === undefined) return ok('encoded four frames');
    return failed(failure, {
      needed: 'a build with its own aac encoder',
      remedy: `Use Debian's: ${install(context.system, 'ffmpeg')}`,
    });
  },
};

const av1: Check = {
  id: 'encode-av1',
  title: 'Encode AV1 (libaom-av1)',
  needs: ['ffmpeg'],
  run: async (context) => {
    const { failure } = await tryVideoEncoder(context, { encoder: 'libaom-av1', pixelFormat: 'yuv420p' });
    if (failure === undefined) return ok('encoded a frame');
    return warning(failure, {
      needed: 'only for ladders with AV1',
      remedy: `Use Debian's: ${install(context.system, 'ffmpeg')}`,
    });
  },
};

interface Sample {
  readonly format: string;
  /** One gray frame of 64 x 64, made by libx264 and libx265 without their SEI. */
  readonly stream: string;
  readonly pictureBytes: number;
}

const H264: Sample = {
  format: 'h264',
  stream: 'AAAAAWdCwAraEJsBEAAAAwAQAAADAyDxImoAAAABaM4PyAAAAWWIhDomKAycnJ1111111111114=',
  pictureBytes: (64 * 64 * 3) / 2,
};
/** Main 10. */
const HEVC: Sample = {
  format: 'hevc',
  stream:
    'AAAAAUABDAH//wIgAAADAJAAAAMAAAMAHpWUCQAAAAFCAQECIAAAAwCQAAADAAADAB6gIIEE2WVlSkwvAWgIAAADAAgAAAMAyEAAAAABRAHAc8CJAAABKAGsdg2QkdI4',
  pictureBytes: 64 * 64 * 3,
};

const decoder = (id: string, title: string, { stream, ...sample }: Sample): Check => ({
  id,
  title,
  needs: ['ffmpeg'],
  run: async (context) => {
    const { failure } = await tryDecoder(context, { ...sample, stream: Buffer.from(stream, 'base64') });
    if (failure === undefined) return ok('decoded a frame');
    return failed(failure, {
      needed: `a build that decodes ${sample.format}`,
      remedy: `Use Debian's: ${install(context.system, 'ffmpeg')}`,
    });
  },
});

export const CODEC_CHECKS: readonly Check[] = [
  encoder('encode-h264', 'Encode H.264 (libx264)', { encoder: 'libx264', pixelFormat: 'yuv420p' }),
  encoder('encode-hevc', 'Encode HEVC, 8 bit (libx265)', { encoder: 'libx265', pixelFormat: 'yuv420p' }),
  encoder('encode-hevc-10', 'Encode HEVC, 10 bit (libx265)', {
    encoder: 'libx265',
    pixelFormat: 'yuv420p10le',
  }),
  aac,
  av1,
  decoder('decode-h264', 'Decode H.264', H264),
  decoder('decode-hevc', 'Decode HEVC, 10 bit', HEVC),
];
