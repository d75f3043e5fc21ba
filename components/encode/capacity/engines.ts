/** How much of a GPU's engines a set of sessions takes. */

/**
 * Reservations are rounded up to whole CPU units: without this, three sessions that fill an engine each would not fit
 * three engines. {@link engineShare} says why there is room.
 */
const ROUNDING_ROOM = 1.002;

/**
 * The share of a GPU's engines that a channel reserves, so that channels whose shares add up to at most 1 can be
 * carried whatever they are.
 *
 * Two things are reckoned, and the larger is taken. The first is work: `margin` of the rate of all engines. The
 * second is that a session stays on one engine: of sessions above half an engine's full rate each takes a whole
 * engine, of those above a third half of one, and so on. With up to four engines and a margin of at most 0.7, sets
 * whose shares add up to 1 always have a division in which no engine is asked for more than its full rate: dealt
 * from large to small, each to the engine with least to do, a session of size s fails only where every engine has
 * more than 1 - s; by the work that takes s > 0.4, so engines then hold a session above one half or two above 0.4,
 * and the second sum is at least half an engine too large. The driver deals the sessions in fact; how is not
 * published.
 *
 * @param uses parts of one engine's full rate, each at most 1
 */
export function engineShare(uses: readonly number[], engines: number, margin: number): number {
  const work = uses.reduce((sum, use) => sum + use, 0) / (engines * margin);
  if (engines === 1) return work;
  const whole = uses.reduce((sum, use) => sum + 1 / Math.max(1, Math.floor(1 / use + 1e-9)), 0);
  return Math.max(work, whole / (engines * ROUNDING_ROOM));
}
