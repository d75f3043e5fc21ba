/** What the SRT front's program tells of itself; the two are built together, so no more is checked than the name. */
import type { Refusal } from './front';

export interface SrtStatistics {
  readonly event: 'statistics';
  /** Smoothed round trip; null before the first measurement. */
  readonly rttMs: number | null;
  /** Packets, each a total of the session. Lost ones are found missing; dropped ones never came in time. */
  readonly received: number;
  readonly lost: number;
  readonly retransmitted: number;
  readonly dropped: number;
  readonly undecrypted: number;
  /** Media that waits for its time, by its timestamps. */
  readonly bufferMs: number;
  /** libsrt's estimate of what the link could carry. */
  readonly bandwidthMbps: number;
  readonly latencyMs: number;
}

export type SrtEvent =
  | {
      readonly event: 'listening';
      readonly port: number;
      readonly udpBufferBytes: number;
      readonly wantedUdpBufferBytes: number;
    }
  | { readonly event: 'calling'; readonly port: number }
  | { readonly event: 'failed'; readonly code: string; readonly text: string }
  | {
      readonly event: 'accepted';
      readonly address: string;
      readonly latencyMs: number;
      /** In bytes; 0: not encrypted. */
      readonly keyLength: number;
      /** Which one the caller has, from 1; 0: none is set. */
      readonly passphrase: number;
    }
  | { readonly event: 'ended'; readonly why: string; readonly bytes: number; readonly ms: number }
  | {
      readonly event: 'refused';
      readonly reason: Refusal;
      readonly address: string;
      readonly detail: string;
    }
  /** More than could be told one by one. */
  | { readonly event: 'refused-more'; readonly reason: Refusal; readonly count: number }
  /** Kept from libsrt, because one host or all together sent too many. */
  | { readonly event: 'handshakes-ignored'; readonly count: number }
  | {
      readonly event: 'connect-failed';
      /** libsrt's words. */
      readonly reason: string;
      /** SRT's code of refusal, 1000 and more being the listener's own (access_control.h); 0: none came. */
      readonly code: number;
      readonly retryMs: number;
    }
  | { readonly event: 'dropped'; readonly bytes: number }
  | SrtStatistics;
