/** A camera whose picture shows the clock of the channel's own test picture, pushed as a contributor would. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import { CLOCK_BLOCKS, CLOCK_HEIGHT, tickGrid } from '../../encoder/contract';
import { startClockRows } from '../../encoder/ffmpeg/clock-rows';

export interface ClockCamera {
  readonly child: ChildProcess;
  stop(): void;
}

/** @param url `srt://127.0.0.1:9000?latency=120000`, or what else ffmpeg can write MPEG-TS to */
export function startClockCamera(url: string): ClockCamera {
  const [width, height, rate] = [640, 360, 30];
  const rows = Math.round((height * CLOCK_HEIGHT) / 2) * 2;
  const child = spawn(
    'ffmpeg',
    [
      ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-probesize', '32', '-analyzeduration', '0'],
      ...['-f', 'rawvideo', '-pixel_format', 'gray', '-video_size', `${CLOCK_BLOCKS}x1`],
      ...['-framerate', String(rate), '-i', 'pipe:3'],
      ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${rate}`],
      ...['-f', 'lavfi', '-i', 'sine=sample_rate=48000'],
      '-filter_complex',
      `[0:v]scale=${width}:${rows}:flags=neighbor,format=yuv420p[clock];[1:v][clock]overlay=0:0:eof_action=endall[v]`,
      ...['-map', '[v]', '-map', '2:a', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency'],
      ...['-pix_fmt', 'yuv420p', '-g', String(rate), '-b:v', '2M', '-c:a', 'aac'],
      ...['-muxdelay', '0', '-muxpreload', '0', '-flush_packets', '1', '-f', 'mpegts', url],
    ],
    { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] },
  );
  const clock = startClockRows(child.stdio[3] as Writable, tickGrid('30', 'balanced'));
  child.once('close', () => clock.stop());
  return { child, stop: () => void child.kill('SIGKILL') };
}
