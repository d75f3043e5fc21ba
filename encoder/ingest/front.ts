/** What brings a contribution stream in. One caller is in use at a time; others are refused, never swapped in. */
import type { Readable } from 'node:stream';
import type { Registry } from 'prom-client';
import type { Logger } from '../telemetry/log';

/** One caller's stream, from its acceptance to its end. */
export interface InputSession {
  readonly container: 'mpegts' | 'flv';
  /** The caller's address and port, for logs. */
  readonly address: string;
  /** The stream's bytes in order; ends when the caller has gone. Must be read promptly. */
  readonly media: Readable;
}

export interface FrontOptions {
  readonly log: Logger;
  readonly registry: Registry;
  readonly onSession: (session: InputSession) => void;
}

export interface InputFront {
  /** Where a caller pushes to, without any secret: for people and for status pages. */
  readonly url: string;
  /** Ends the session in use and frees the port. */
  close(): Promise<void>;
}

/** Why a caller was refused: the label of `media_input_refused_total`. */
export type Refusal = 'busy' | 'stream-id' | 'passphrase' | 'unencrypted' | 'key-length' | 'format';
