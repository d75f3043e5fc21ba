/** ffmpeg and ffprobe: there, new enough, with the filters and formats that the runtime names. */
import { install } from './advice';
import { failed, ok, warning, type Check, type CheckContext, type Finding } from './check';
import { firstLine, runProgram } from './program';

/** Debian 12's, with which everything is tested; `-fps_mode` came with it. */
const OLDEST = { major: 5, minor: 1 };

const version = (program: 'ffmpeg' | 'ffprobe'): Check => ({
  id: program,
  title: program,
  run: async (context) => judge(program, context),
});

async function judge(program: string, context: CheckContext): Promise<Finding> {
  const remedy = `${install(context.system, 'ffmpeg')} (Debian 12 or newer). Which one is found: \`command -v ${program}\``;
  const needed = `${OLDEST.major}.${OLDEST.minor} or newer`;
  const outcome = await runProgram(context, program, ['-version']);
  if (outcome.kind === 'missing') return failed('not found on PATH', { needed, remedy });
  if (outcome.kind === 'broken') return failed(`cannot be started: ${outcome.reason}`, { needed, remedy });
  const found = new RegExp(`^${program} version (\\S+)`).exec(outcome.stdout.toString('utf8'))?.[1];
  if (outcome.code !== 0 || found === undefined) {
    const said = firstLine(outcome.stderr) || firstLine(outcome.stdout.toString('utf8')) || 'nothing';
    return failed(`does not tell its version (exit code ${outcome.code}); it said: ${said}`, {
      needed,
      remedy,
    });
  }
  const numbers = /^n?(\d+)\.(\d+)/.exec(found);
  if (!numbers) {
    return warning(`${found}, a build without a release number`, {
      needed,
      remedy: 'What it can do is tried below; a release makes faults easier to find.',
    });
  }
  const [major, minor] = [Number(numbers[1]), Number(numbers[2])];
  if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
    return failed(found, { needed, remedy });
  }
  return ok(found);
}

/** By ffmpeg's name of the list. Encoders are not here: they are tried. */
export const FFMPEG_PARTS = {
  filters: [
    ...['aevalsrc', 'aformat', 'ametadata', 'anullsrc', 'aresample', 'asetnsamples', 'asetpts', 'asettb'],
    ...['asplit', 'atrim', 'bwdif', 'format', 'fps', 'metadata', 'null', 'overlay', 'pad', 'scale'],
    ...['setparams', 'setsar', 'settb', 'smptehdbars', 'split', 'testsrc2', 'yadif'],
  ],
  demuxers: ['flv', 'lavfi', 'mov', 'mpegts', 'rawvideo', 's16le'],
  muxers: ['mp4', 'rawvideo', 's16le'],
  protocols: ['file', 'pipe', 'unix'],
} as const;

/** The column of names in each list. One line may name several: " D  mov,mp4,m4a,...". */
const NAMES = {
  filters: /^ [T.][S.][C.]? (\S+) /gm,
  demuxers: /^ D.[d ]? *(\S+)/gm,
  muxers: /^ .E[d ]? *(\S+)/gm,
  protocols: /^ +(\S+)$/gm,
};

/** What of them this ffmpeg does not have, each with its kind. */
async function missing(
  context: CheckContext,
  parts: Readonly<Partial<Record<keyof typeof NAMES, readonly string[]>>>,
): Promise<string[]> {
  const gone: string[] = [];
  for (const [kind, names] of Object.entries(parts)) {
    const outcome = await runProgram(context, 'ffmpeg', ['-hide_banner', `-${kind}`]);
    const listed = outcome.kind === 'ended' ? outcome.stdout.toString('utf8') : '';
    const lines = [...listed.matchAll(NAMES[kind as keyof typeof NAMES])];
    const known = new Set(lines.flatMap(([, column = '']) => column.split(',')));
    gone.push(...names.filter((name) => !known.has(name)).map((name) => `${kind.slice(0, -1)} ${name}`));
  }
  return gone;
}

const partsCheck = (
  about: Pick<Check, 'id' | 'title' | 'needs'>,
  wanted: Parameters<typeof missing>[1],
  found: string,
): Check => ({
  ...about,
  run: async (context) => {
    const gone = await missing(context, wanted);
    if (gone.length === 0) return ok(found);
    return failed(`missing: ${gone.join(', ')}`, {
      needed: 'a full build',
      remedy: `Use Debian's: ${install(context.system, 'ffmpeg')}`,
    });
  },
});

export const FFMPEG_CHECKS: readonly Check[] = [
  version('ffmpeg'),
  version('ffprobe'),
  partsCheck(
    { id: 'ffmpeg-parts', title: 'Filters and formats of ffmpeg', needs: ['ffmpeg'] },
    FFMPEG_PARTS,
    `all ${Object.values(FFMPEG_PARTS).flat().length} that the runtime uses`,
  ),
];

/** Of no use without a GPU. */
export const GPU_FILTERS = ['hwdownload', 'hwupload_cuda', 'scale_cuda', 'yadif_cuda'];

export const GPU_FILTERS_CHECK: Check = partsCheck(
  { id: 'nvenc-filters', title: 'GPU filters of ffmpeg', needs: ['nvidia-driver', 'ffmpeg'] },
  { filters: GPU_FILTERS },
  GPU_FILTERS.join(', '),
);
