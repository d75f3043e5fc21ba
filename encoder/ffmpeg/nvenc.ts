/**
 * Encoding on an NVIDIA GPU: pictures stay in its memory from the decoder, or from one upload, to the encoder.
 * The reason of each option is in docs/ladders.md; they are those of ffmpeg 5.1, av1_nvenc needs 6.0.
 */
import { videoLevel, type FrameRate, type VideoRung } from '../contract';

/** Before a file's `-i`. The decoder's frames are held by six encoders at once: it gets more of them. */
export const NVENC_DECODE = ['-hwaccel', 'cuda', '-hwaccel_output_format', 'cuda', '-extra_hw_frames', '16'];

/** Once, after what is done in software. */
export const UPLOAD = 'hwupload_cuda';

/** The rung's share of the filter graph. Pictures that have the size and format already pass through. */
export const nvencFilter = ({ width, height, bitDepth }: VideoRung): string =>
  `scale_cuda=w=${width}:h=${height}:format=${bitDepth === 10 ? 'p010le' : 'nv12'}`;

export function nvencCodec(rung: VideoRung, frameRate: FrameRate): string[] {
  const limits = videoLevel(rung, frameRate);
  const tier = limits?.tier === 'high' ? 'high' : 'main';
  return [
    ...['-c:v', `${rung.codec}_nvenc`, '-preset', 'p3', '-tune', 'll', '-multipass', 'disabled'],
    // Constant rate ignores the cap: it is for rungs whose cap is their average.
    ...['-rc', rung.maxrateKbps > rung.bitrateKbps ? 'vbr' : 'cbr'],
    ...['-bf', '0', '-b_ref_mode', 'disabled', '-rc-lookahead', '0', '-no-scenecut', '1'],
    ...['-forced-idr', '1', '-strict_gop', '1', '-zerolatency', '1', '-delay', '0', '-surfaces', '8'],
    ...['-spatial-aq', '1', '-aq-strength', '8'],
    ...(limits && rung.codec !== 'av1' ? ['-profile:v', limits.profile] : []),
    ...(limits ? ['-level:v', limits.level] : []),
    ...(rung.codec === 'hevc' ? ['-tier', tier, '-tag:v', 'hvc1'] : []),
    ...(rung.codec === 'av1' ? ['-tier', tier === 'high' ? '1' : '0'] : []),
  ];
}

/** A fifth of a second through the same path: whether this machine can encode such a rung. */
export function nvencTrial(rung: VideoRung): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    ...['-f', 'lavfi', '-i', 'color=c=black:s=640x360:r=30:d=0.2'],
    ...['-vf', `format=nv12,${UPLOAD},${nvencFilter({ ...rung, width: 320, height: 192 })}`],
    ...[...nvencCodec(rung, '30'), '-b:v', `${rung.bitrateKbps}k`, '-f', 'null', '-'],
  ];
}
