/**
 * Processor time of the packager for one 50 Mbit/s track, against ffmpeg's own segmenter on the same track, one
 * after the other in one run. Both write to files; both are fed at the speed of the clock.
 */
import { execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const MBPS = 50;
const WARM_UP_MS = 6000;
const MEASURE_MS = Number(process.env['BENCH_SECONDS'] ?? 15) * 1000;
const ROUNDS = 3;

async function source(folder: string): Promise<string> {
  const file = path.join(folder, 'source.mp4');
  const rate = `${MBPS}M`;
  await promisify(execFile)(
    'ffmpeg',
    [
      ...[
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'testsrc2=size=1280x720:rate=30,noise=alls=60:allf=t',
        '-t',
        '20',
      ],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-tune',
        'zerolatency',
        '-bf',
        '0',
        '-g',
        '60',
        '-sc_threshold',
        '0',
      ],
      ...['-b:v', rate, '-minrate', rate, '-maxrate', rate, '-bufsize', '25M', '-x264-params', 'nal-hrd=cbr'],
      ...['-video_track_timescale', '30000', file],
    ],
    { timeout: 180_000 },
  );
  return file;
}

/** Seconds of processor time that a process has used: fields 14 and 15 of its stat, in hundredths. */
async function cpuSeconds(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function percentOfCore(pid: number): Promise<number> {
  await delay(WARM_UP_MS);
  const before = await cpuSeconds(pid);
  const startedAt = performance.now();
  await delay(MEASURE_MS);
  return (100_000 * ((await cpuSeconds(pid)) - before)) / (performance.now() - startedAt);
}

async function ffmpegSegmenter(folder: string, file: string): Promise<number> {
  const hls = spawn(
    'ffmpeg',
    [
      ...['-v', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', file, '-c', 'copy', '-f', 'hls'],
      ...[
        '-hls_time',
        '4',
        '-hls_segment_type',
        'fmp4',
        '-hls_flags',
        'delete_segments',
        path.join(folder, 'hls.m3u8'),
      ],
    ],
    { stdio: 'ignore' },
  );
  try {
    return await percentOfCore(hls.pid!);
  } finally {
    hls.kill('SIGKILL');
    await once(hls, 'close');
  }
}

async function packager(folder: string, file: string): Promise<number> {
  const child = fork(path.join(__dirname, 'packager-child.js'), [
    file,
    path.join(folder, String(Date.now())),
  ]);
  try {
    return await percentOfCore(child.pid!);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bench-'));
  try {
    const file = await source(folder);
    const rounds: { theirs: number; ours: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ theirs: await ffmpegSegmenter(folder, file), ours: await packager(folder, file) });
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
    const figure = (value: number) => `${value.toFixed(2)} % of a core`;
    const ratio = median(rounds.map(({ theirs, ours }) => ours / theirs));
    console.log(
      `ffmpeg -c copy -f hls, ${MBPS} Mbit/s   ${figure(median(rounds.map(({ theirs }) => theirs)))}`,
    );
    console.log(`packager, ${MBPS} Mbit/s                ${figure(median(rounds.map(({ ours }) => ours)))}`);
    console.log(`packager / ffmpeg, median of ${ROUNDS} pairs ${ratio.toFixed(2)}`);
    console.log(`aim: no more than ffmpeg: ${ratio <= 1 ? 'met' : 'missed'}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
