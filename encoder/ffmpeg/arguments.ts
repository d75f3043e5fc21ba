/** ffmpeg's arguments for a source and a ladder: one decode, one fMP4 pipe a track, a fragment a frame. */
import {
  CLOCK_BLOCKS,
  CLOCK_HEIGHT,
  frameRateFraction,
  framesPerGop,
  framesPerSegment,
  type AudioRung,
  type FrameRate,
  type Ladder,
  type TickGrid,
  type VideoRung,
} from '../contract';

export type Source =
  { readonly kind: 'test' } | { readonly kind: 'file'; readonly path: string; readonly loop: boolean };

export interface EncodeJob {
  readonly source: Source;
  readonly ladder: Ladder;
  readonly frameRate: FrameRate;
  readonly grid: TickGrid;
  /** Whether the file has sound; silence takes its place where not. */
  readonly sourceHasAudio?: boolean;
}

/** Descriptors of the child: 3 is progress, 4 takes the clock's rows, tracks follow. */
export const PROGRESS_FD = 3;
export const CLOCK_FD = 4;
export const FIRST_TRACK_FD = 5;

export const trackIds = ({ video, audio }: Ladder): string[] => [...video, ...audio].map(({ id }) => id);

export function ffmpegArguments(job: EncodeJob): string[] {
  const { ladder } = job;
  const outputs = [
    ...ladder.video.flatMap((rung, i) => [
      ...map(`v${i}`),
      ...videoCodec(rung, job.grid),
      ...pipe(FIRST_TRACK_FD + i),
    ]),
    ...ladder.audio.flatMap((rung, i) => [
      ...map(`a${i}`),
      ...audioCodec(rung, job.grid),
      ...pipe(FIRST_TRACK_FD + ladder.video.length + i),
    ]),
  ];
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'level+warning', '-nostats'],
    ...['-progress', `pipe:${PROGRESS_FD}`, '-stats_period', '0.5'],
    ...inputs(job),
    ...['-filter_complex', filterGraph(job)],
    ...outputs,
  ];
}

const fraction = (rate: FrameRate): string => {
  const { numerator, denominator } = frameRateFraction(rate);
  return `${numerator}/${denominator}`;
};

const largest = (ladder: Ladder): VideoRung =>
  ladder.video.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));

function inputs({ source, ladder, frameRate, grid, sourceHasAudio }: EncodeJob): string[] {
  const rate = fraction(frameRate);
  const { width, height } = largest(ladder);
  const silence = ['-f', 'lavfi', '-i', `anullsrc=channel_layout=stereo:sample_rate=${grid.audioSampleRate}`];
  if (source.kind === 'file') {
    const loop = source.loop ? ['-stream_loop', '-1'] : [];
    return ['-re', ...loop, '-i', `file:${source.path}`, ...(sourceHasAudio === false ? silence : [])];
  }
  // A beep of 100 ms on every second of the programme.
  const beep = `aevalsrc='0.25*sin(2*PI*880*t)*lt(mod(t,1),0.1)':channel_layout=mono:sample_rate=${grid.audioSampleRate}`;
  return [
    // The rows pace the run: a frame is made when its row comes, so the picture's clock is true.
    ...['-probesize', '32', '-analyzeduration', '0', '-thread_queue_size', '8'],
    ...['-f', 'rawvideo', '-pixel_format', 'gray', '-video_size', `${CLOCK_BLOCKS}x1`],
    ...['-framerate', rate, '-i', `pipe:${CLOCK_FD}`],
    ...['-f', 'lavfi', '-i', `testsrc2=size=${width}x${height}:rate=${rate}`],
    ...['-f', 'lavfi', '-i', beep],
  ];
}

function filterGraph(job: EncodeJob): string {
  const { source, ladder, frameRate, grid } = job;
  const top = largest(ladder);
  const video =
    source.kind === 'test'
      ? `[0:v]scale=${top.width}:${clockRows(top.height)}:flags=neighbor,format=yuv420p[clock];` +
        '[1:v]format=yuv420p[picture];[picture][clock]overlay=0:0:eof_action=endall:format=yuv420'
      : `[0:v:0]fps=${fraction(frameRate)}:start_time=0,${fit(top)},format=yuv420p`;
  const audioInput = source.kind === 'test' ? '2:a' : job.sourceHasAudio === false ? '1:a' : '0:a:0';
  // An AAC encoder puts 1024 samples of priming first: without them, sound stays where the picture is.
  const audio =
    `[${audioInput}]aresample=${grid.audioSampleRate}:async=1:first_pts=0,aformat=channel_layouts=stereo,` +
    // Counted in samples, as integers: N/SR/TB would be off by one tick now and then.
    `atrim=start_sample=1024,asettb=1/${grid.audioSampleRate},asetpts=N`;
  return [
    `${video},${split('split', ladder.video.length, 's')}`,
    ...ladder.video.map((rung, i) => `[s${i}]${rungFilter(rung, top)}[v${i}]`),
    `${audio},${split('asplit', ladder.audio.length, 'a')}`,
  ].join(';');
}

const clockRows = (height: number): number => Math.round((height * CLOCK_HEIGHT) / 2) * 2;

const fit = ({ width, height }: VideoRung): string =>
  `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:-1:-1,setsar=1`;

const split = (filter: string, count: number, label: string): string =>
  `${filter}=${count}${Array.from({ length: count }, (_, i) => `[${label}${i}]`).join('')}`;

function rungFilter(rung: VideoRung, top: VideoRung): string {
  const format = rung.bitDepth === 10 ? 'yuv420p10le' : 'yuv420p';
  const scale =
    rung.width === top.width && rung.height === top.height ? '' : `scale=${rung.width}:${rung.height},`;
  return `${scale}format=${format}`;
}

const map = (label: string): string[] => ['-map', `[${label}]`];

function videoCodec(rung: VideoRung, grid: TickGrid): string[] {
  const gop = framesPerGop(grid);
  const rate = [
    ...[
      '-b:v',
      `${rung.bitrateKbps}k`,
      '-maxrate',
      `${rung.maxrateKbps}k`,
      '-bufsize',
      `${rung.maxrateKbps}k`,
    ],
    ...['-g', String(gop), '-video_track_timescale', String(grid.timescale)],
    // The segment's first frame must be an IDR however the encoder counts.
    ...['-force_key_frames', `expr:eq(mod(n,${framesPerSegment(grid)}),0)`],
  ];
  if (rung.codec === 'h264') {
    return [
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-bf', '0'],
      ...['-keyint_min', String(gop), '-sc_threshold', '0', '-forced-idr', '1', ...rate],
    ];
  }
  const x265 = [
    ...[
      'bframes=0',
      'rc-lookahead=0',
      'scenecut=0',
      'open-gop=0',
      'frame-threads=1',
      'info=0',
      'log-level=error',
    ],
    ...[`keyint=${gop}`, `min-keyint=${gop}`],
    ...[`vbv-maxrate=${rung.maxrateKbps}`, `vbv-bufsize=${rung.maxrateKbps}`],
  ];
  return [
    ...['-c:v', 'libx265', '-preset', 'ultrafast', '-tune', 'zerolatency', '-tag:v', 'hvc1', ...rate],
    ...['-forced-idr', '1', '-x265-params', x265.join(':')],
  ];
}

const audioCodec = (rung: AudioRung, grid: TickGrid): string[] => [
  ...['-c:a', 'aac', '-b:a', `${rung.bitrateKbps}k`],
  ...['-ac', String(rung.channels), '-ar', String(grid.audioSampleRate)],
];

const pipe = (fd: number): string[] => [
  ...['-movflags', '+cmaf+frag_every_frame+empty_moov+default_base_moof+skip_trailer'],
  ...['-flush_packets', '1', '-max_delay', '0', '-f', 'mp4', `pipe:${fd}`],
];
