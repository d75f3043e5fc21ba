/** ffmpeg's arguments for a source and a ladder: one decode, one fMP4 pipe a track, a fragment a frame. */
import {
  CLOCK_BLOCKS,
  CLOCK_HEIGHT,
  framesPerGop,
  framesPerSegment,
  type AudioRung,
  type TickGrid,
  type VideoRung,
} from '../contract';
import { deinterlace } from './deinterlace';
import { descriptors, PROGRESS_FD } from './descriptors';
import { fraction, largestRung, pictureFormat, type EncodeJob, type InputAddresses } from './job';
import { shedFilter } from './shedding';
import { NVENC_DECODE, nvencCodec, nvencFilter, UPLOAD } from './nvenc';
import { bufferKbits, softwareCodec, softwareFilter } from './software';

export { descriptors, PROGRESS_FD, trackIds, type Descriptors } from './descriptors';
export {
  pictureFormat,
  type EncodeJob,
  type Engine,
  type InputAddresses,
  type PictureFormat,
  type Source,
} from './job';
export { shedCommand } from './shedding';

export function ffmpegArguments(job: EncodeJob): string[] {
  const { ladder, engine = 'software' } = job;
  const { tracks } = descriptors(job);
  const outputs = [
    ...ladder.video.flatMap((rung, i) => [
      ...map(`v${i}`),
      ...videoCodec(rung, job),
      ...pipe(tracks.get(rung.id)!, rung.codec === 'av1' && engine === 'software'),
    ]),
    ...ladder.audio.flatMap((rung, i) => [
      ...map(`a${i}`),
      ...audioCodec(rung, job.grid),
      ...pipe(tracks.get(rung.id)!),
    ]),
  ];
  return [
    // Standard input is read: it takes the filters' run-time commands.
    ...['-hide_banner', '-loglevel', 'level+warning', '-nostats'],
    ...['-progress', `pipe:${PROGRESS_FD}`, '-stats_period', '0.5'],
    ...inputs(job),
    ...['-filter_complex', filterGraph(job)],
    ...outputs,
  ];
}

/** What ffmpeg would read ahead to guess a format is told to it instead. */
const KNOWN_FORMAT = ['-probesize', '32', '-analyzeduration', '0'];

function inputs(job: EncodeJob): string[] {
  const { source, ladder, frameRate, grid, sourceHasAudio, engine = 'software' } = job;
  const rate = fraction(frameRate);
  const { width, height, pixelFormat } = pictureFormat(ladder, engine);
  const addresses = job.inputs ?? ownDescriptors(job);
  if (source.kind === 'file') {
    const loop = source.loop ? ['-stream_loop', '-1'] : [];
    const silence = `anullsrc=channel_layout=stereo:sample_rate=${grid.audioSampleRate}`;
    return [
      ...['-re', ...loop, ...(engine === 'nvenc' ? NVENC_DECODE : []), '-i', `file:${source.path}`],
      ...(sourceHasAudio === false ? ['-f', 'lavfi', '-i', silence] : []),
    ];
  }
  if (source.kind === 'frames') {
    return [
      // A picture can have 25 MB: the queue holds two, the rest waits in the process that makes them.
      ...[...KNOWN_FORMAT, '-thread_queue_size', '2', '-f', 'rawvideo', '-pixel_format', pixelFormat],
      ...['-video_size', `${width}x${height}`, '-framerate', rate, '-i', addresses.pictures],
      ...addresses.sound.flatMap((address) => [
        ...[...KNOWN_FORMAT, '-thread_queue_size', '64', '-f', 's16le'],
        ...['-ar', String(grid.audioSampleRate), '-ch_layout', 'stereo', '-i', address],
      ]),
    ];
  }
  // A beep of 100 ms on every second of the programme.
  const beep = `aevalsrc='0.25*sin(2*PI*880*t)*lt(mod(t,1),0.1)':channel_layout=mono:sample_rate=${grid.audioSampleRate}`;
  return [
    // The rows pace the run: a frame is made when its row comes, so the picture's clock is true.
    ...[...KNOWN_FORMAT, '-thread_queue_size', '8'],
    ...['-f', 'rawvideo', '-pixel_format', 'gray', '-video_size', `${CLOCK_BLOCKS}x1`],
    ...['-framerate', rate, '-i', addresses.pictures],
    ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${rate}`],
    ...['-f', 'lavfi', '-i', beep],
  ];
}

function ownDescriptors(job: EncodeJob): InputAddresses {
  const { pictures, sound } = descriptors(job);
  return { pictures: `pipe:${pictures}`, sound: sound.map((fd) => `pipe:${fd}`) };
}

function filterGraph(job: EncodeJob): string {
  const { ladder } = job;
  return [
    `${[...pictures(job), split('split', ladder.video.length, 's')].join(',')}`,
    ...ladder.video.map((rung, i) => `[s${i}]${shedFilter(rung.id)},${rungFilter(rung, job)}[v${i}]`),
    ...sound(job),
  ].join(';');
}

function rungFilter(rung: VideoRung, { ladder, engine }: EncodeJob): string {
  return engine === 'nvenc' ? nvencFilter(rung) : softwareFilter(rung, largestRung(ladder));
}

/** Raw pictures say nothing of their colours; players would guess them from the size. */
const BT709 = 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709';

/** Up to the split; the first begins with its input. */
function pictures({ source, ladder, frameRate, engine = 'software' }: EncodeJob): string[] {
  const { pixelFormat, width, height } = pictureFormat(ladder, engine);
  const gpu = engine === 'nvenc';
  const rate = `fps=${fraction(frameRate)}:start_time=0`;
  switch (source.kind) {
    case 'frames':
      // They come from a conforming stage, which decoded, timed and scaled them: on the same GPU where there is one.
      return [`[0:v]${BT709}`, ...(gpu ? [UPLOAD] : [])];
    case 'test':
      return [
        `[0:v]scale=${width}:${clockRows(height)}:flags=neighbor,format=yuv420p[clock];` +
          '[1:v]format=yuv420p[picture];[picture][clock]overlay=0:0:eof_action=endall:format=yuv420',
        ...(gpu ? [`format=${pixelFormat}`, UPLOAD] : []),
      ];
    case 'file':
      // On the GPU nothing can pad: a picture of another shape fills the rung, and its sample aspect ratio says so.
      if (gpu) return [`[0:v:0]${deinterlace('yadif_cuda', Number(frameRate))}`, rate];
      return [
        `[0:v:0]${deinterlace('yadif', Number(frameRate))}`,
        rate,
        fit(width, height),
        `format=${pixelFormat}`,
      ];
  }
}

function sound({ source, ladder, grid, sourceHasAudio }: EncodeJob): string[] {
  // An AAC encoder puts 1024 samples of priming first: without them, sound stays where the picture is.
  // Counted in samples, as integers: N/SR/TB would be off by one tick now and then.
  const primed = `atrim=start_sample=1024,asettb=1/${grid.audioSampleRate},asetpts=N`;
  if (source.kind === 'frames') return ladder.audio.map((_, i) => `[${i + 1}:a]${primed}[a${i}]`);
  const input = source.kind === 'test' ? '2:a' : sourceHasAudio === false ? '1:a' : '0:a:0';
  return [
    `[${input}]aresample=${grid.audioSampleRate}:async=1:first_pts=0,aformat=channel_layouts=stereo,` +
      `${primed},${split('asplit', ladder.audio.length, 'a')}`,
  ];
}

const clockRows = (height: number): number => Math.round((height * CLOCK_HEIGHT) / 2) * 2;

const fit = (width: number, height: number): string =>
  `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:-1:-1,setsar=1`;

const split = (filter: string, count: number, label: string): string =>
  `${filter}=${count}${Array.from({ length: count }, (_, i) => `[${label}${i}]`).join('')}`;

const map = (label: string): string[] => ['-map', `[${label}]`];

function videoCodec(rung: VideoRung, { engine, frameRate, grid }: EncodeJob): string[] {
  return [
    ...(engine === 'nvenc' ? nvencCodec(rung, frameRate) : softwareCodec(rung, frameRate, grid)),
    ...['-b:v', `${rung.bitrateKbps}k`, '-maxrate', `${rung.maxrateKbps}k`],
    ...['-bufsize', `${bufferKbits(rung)}k`, '-g', String(framesPerGop(grid))],
    ...['-video_track_timescale', String(grid.timescale)],
    // Frames that shedding drops leave a gap; without this they would be made up again.
    ...['-fps_mode', 'vfr', '-force_key_frames', segmentStarts(grid)],
  ];
}

/**
 * A segment's first frame is an IDR however many frames were dropped before it, so by time and not by count.
 * In the track's ticks, which are integers, and with half a frame of room for the error of `t`.
 */
function segmentStarts(grid: TickGrid): string {
  const segment = framesPerSegment(grid) * grid.frameTicks;
  return `expr:gte(t*${grid.timescale},n_forced*${segment}-${grid.frameTicks / 2})`;
}

const audioCodec = (rung: AudioRung, grid: TickGrid): string[] => [
  ...['-c:a', 'aac', '-b:a', `${rung.bitrateKbps}k`],
  ...['-ac', String(rung.channels), '-ar', String(grid.audioSampleRate)],
];

/** libaom tells its configuration with the first frame: the init segment then has to wait for it. */
const pipe = (fd: number, configuredLate = false): string[] => [
  '-movflags',
  `+cmaf+frag_every_frame+empty_moov+default_base_moof+skip_trailer${configuredLate ? '+delay_moov' : ''}`,
  ...['-flush_packets', '1', '-max_delay', '0', '-f', 'mp4', `pipe:${fd}`],
];
