/** How instances are paid for, and which channel runs on which kind of them. */
import { createHash } from 'node:crypto';

/** Ways of paying for an instance. */
export const PurchaseOption = {
  /** On-demand instances that a Savings Plan is meant to cover. The plan itself is never bought here. */
  Committed: 'committed',
  OnDemand: 'on-demand',
  /** AWS takes them back with a notice of two minutes. */
  Spot: 'spot',
} as const;
/** One of {@link PurchaseOption}. */
export type PurchaseOption = (typeof PurchaseOption)[keyof typeof PurchaseOption];

/** In the order in which channels are dealt out. */
export const PURCHASE_OPTIONS: readonly PurchaseOption[] = ['committed', 'on-demand', 'spot'];

/** Percent of the channels by way of paying; together 100. */
export type PurchaseMix = Readonly<Partial<Record<PurchaseOption, number>>>;

/** What decides how a channel's instance is paid for; nothing else does. */
export interface PurchaseWish {
  /** Id of the channel. */
  readonly channel: string;
  readonly acceptsInterruption: boolean;
}

const LARGEST = 2 ** 32;

/** A channel's place among all channels that there could ever be: 0 to 1, spread evenly. */
function place(channel: string): number {
  return createHash('sha256').update(`purchase/${channel}`).digest().readUInt32BE(0) / LARGEST;
}

/**
 * The way of paying for a channel, by its id and the mix alone: other channels have no influence, so adding or
 * removing one moves no other. The mix is therefore met on the average and not to the channel. Spot is for channels
 * that accept interruption; the others divide what is left in the mix's own proportions.
 * @returns undefined where the mix has Spot only and the channel does not accept it
 */
export function assignPurchase(
  mix: PurchaseMix,
  { channel, acceptsInterruption }: PurchaseWish,
): PurchaseOption | undefined {
  const open = PURCHASE_OPTIONS.filter(
    (option) => (mix[option] ?? 0) > 0 && (acceptsInterruption || option !== PurchaseOption.Spot),
  );
  const total = open.reduce((sum, option) => sum + mix[option]!, 0);
  const at = place(channel) * total;
  let end = 0;
  for (const option of open) {
    end += mix[option]!;
    if (at < end) return option;
  }
  return open.at(-1);
}
