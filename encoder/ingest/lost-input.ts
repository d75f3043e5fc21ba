/** For how long viewers have not seen the contribution, as a metric. */
import { Counter, type Registry } from 'prom-client';
import type { InputState } from './conform';

/** Shorter losses are not counted: a contributor who calls again at once is nothing to be told of. */
export const INPUT_LOST_AFTER_SECONDS = 5;

/**
 * Counts the seconds without the contribution, of each loss those after the first five. Before the first contribution it is
 * lost, too.
 * @param now milliseconds of a clock that never goes back
 * @returns takes each new state of what viewers see
 */
export function lostInput(
  registry: Registry,
  now: () => number = () => performance.now(),
): (state: InputState) => void {
  let since: number | undefined = now();
  let before = 0;
  const lost = (): number =>
    since === undefined ? 0 : Math.max(0, (now() - since) / 1000 - INPUT_LOST_AFTER_SECONDS);
  new Counter({
    name: 'media_input_lost_seconds_total',
    help: `Seconds without the contribution, of each loss those after the first ${INPUT_LOST_AFTER_SECONDS}`,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(before + lost());
    },
  });
  return (state) => {
    if (state === 'live') {
      before += lost();
      since = undefined;
    } else since ??= now();
  };
}
