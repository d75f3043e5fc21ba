/**
 * Shedding: where a machine cannot keep up, whole segments of one rung are left out at run time.
 *
 * A filter that is disabled stands first in each rung's chain. A command on ffmpeg's standard input enables
 * it for a range of frames; it then drops four frames of five. The fifth stays because ffmpeg reads for the
 * output that is furthest behind: a rung without any frames would keep it from the others' sound. The first of
 * each segment stays because it is the IDR that keeps the count of forced key frames true.
 */

/** Of so many frames of a segment that is left out, one is encoded. */
const KEPT_FRAMES = 5;

export const shedFilter = (rungId: string): string =>
  `metadata@${filterName(rungId)}=mode=select:key=dropped:enable=0`;

/**
 * One line for ffmpeg's standard input; it is read within 0.1 s of media work, one line at a time.
 *
 * @param range frames, counted from 0 at ffmpeg's first, both included: `from` is the first frame of a
 *   segment, `to` the last of one. Undefined: nothing is dropped any more.
 */
export function shedCommand(
  rungId: string,
  range: { readonly from: number; readonly to: number } | undefined,
  framesPerSegment: number,
): string {
  const enable = range
    ? `between(n,${range.from},${range.to})*mod(mod(n,${framesPerSegment}),${KEPT_FRAMES})`
    : '0';
  return `cmetadata@${filterName(rungId)} -1 enable ${enable}\n`;
}

const filterName = (rungId: string): string => `shed-${rungId}`;
