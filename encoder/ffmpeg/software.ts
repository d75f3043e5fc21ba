/** Encoding by x264, x265 and libaom: for laptops and tests, so at their fastest. */
import { framesPerGop, videoLevel, type FrameRate, type TickGrid, type VideoRung } from '../contract';

/** The rung's share of the filter graph; `top` is the size that the pictures have. */
export function softwareFilter(rung: VideoRung, top: { width: number; height: number }): string {
  const format = rung.bitDepth === 10 ? 'yuv420p10le' : 'yuv420p';
  const scale =
    rung.width === top.width && rung.height === top.height ? '' : `scale=${rung.width}:${rung.height},`;
  return `${scale}format=${format}`;
}

export function softwareCodec(rung: VideoRung, frameRate: FrameRate, grid: TickGrid): string[] {
  const gop = framesPerGop(grid);
  const limits = videoLevel(rung, frameRate);
  if (rung.codec === 'h264') {
    return [
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-bf', '0'],
      // The preset leaves out all that makes High; the 8x8 transform costs nothing that can be measured.
      ...['-profile:v', 'high', '-x264-params', '8x8dct=1'],
      ...(limits ? ['-level:v', limits.level] : []),
      ...['-keyint_min', String(gop), '-sc_threshold', '0', '-forced-idr', '1'],
    ];
  }
  if (rung.codec === 'av1') {
    return [
      // SVT-AV1 forces no key frames in its low-delay mode, and without them shedding would misplace them.
      ...['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0'],
      ...['-row-mt', '1', '-tiles', '2x1', '-keyint_min', String(gop)],
    ];
  }
  const x265 = [
    ...['bframes=0', 'rc-lookahead=0', 'scenecut=0', 'open-gop=0', 'frame-threads=1', 'info=0'],
    ...['log-level=error', `keyint=${gop}`, `min-keyint=${gop}`],
    ...[`vbv-maxrate=${rung.maxrateKbps}`, `vbv-bufsize=${bufferKbits(rung)}`],
    ...(limits ? [`level-idc=${limits.level}`, `high-tier=${limits.tier === 'high' ? 1 : 0}`] : []),
  ];
  return [
    ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tune', 'zerolatency', '-tag:v', 'hvc1'],
    ...['-forced-idr', '1', '-x265-params', x265.join(':')],
  ];
}

/** The rate model's buffer, in kbit. */
export const bufferKbits = (rung: VideoRung): number => Math.round(rung.maxrateKbps * rung.bufferSeconds);
