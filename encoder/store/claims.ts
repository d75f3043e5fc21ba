/** Reading and making claims: the only arbiter of who writes which segment. */
import { keys, type Claim } from '../contract';
import type { SegmentStore } from './store';

const json = (value: unknown): Uint8Array[] => [Buffer.from(JSON.stringify(value))];

export async function readClaim(
  store: SegmentStore,
  channel: string,
  msn: number,
): Promise<Claim | undefined> {
  const body = await store.read(keys.claim(channel, msn));
  return body && (JSON.parse(body.toString('utf8')) as Claim);
}

/** @returns false where somebody else owns the segment */
export async function createClaim(store: SegmentStore, claim: Claim): Promise<boolean> {
  const key = keys.claim(claim.channel, claim.msn);
  const created = await store.create(key, json(claim));
  // An answer that was lost looks like somebody else's claim: ask whose it is.
  if (!created && (await readClaim(store, claim.channel, claim.msn))?.writer !== claim.writer) return false;
  await store.replace(keys.lastClaim(claim.channel), json({ msn: claim.msn }));
  return true;
}

/** The newest claim: from the hint forward by name, so a hint that lags costs a few reads and no more. */
export async function lastClaim(store: SegmentStore, channel: string): Promise<Claim | undefined> {
  const hint = await store.read(keys.lastClaim(channel));
  if (!hint) return undefined;
  let msn: unknown;
  try {
    msn = (JSON.parse(hint.toString('utf8')) as { msn?: unknown }).msn;
  } catch {
    return undefined;
  }
  if (typeof msn !== 'number' || !Number.isSafeInteger(msn) || msn < 0) return undefined;
  // A store may show the hint before the claim that it names.
  let last =
    (await readClaim(store, channel, msn)) ?? (await readClaim(store, channel, Math.max(0, msn - 1)));
  while (last) {
    const next = await readClaim(store, channel, last.msn + 1);
    if (!next) break;
    last = next;
  }
  return last;
}
