/** One publisher's media, from its first message to its end: checks the formats, and makes the FLV stream. */
import { AmfReader, type AmfObject } from './amf0';
import { RtmpError } from './error';
import { TAG, type Tag } from './flv';
import { FlvStream } from './flv-stream';
import { announcedTracks, refusedAudio, refusedMetadata, refusedVideo } from './formats';
import { MESSAGE, type Message } from './message';

/** Largest script data that is taken, in bytes: metadata is a kilobyte. */
const MOST_SCRIPT_BYTES = 65_536;

export interface PublicationOptions {
  readonly bufferBytes: number;
  /** Time without audio and video after which the publisher is taken for gone, in milliseconds. */
  readonly idleMs: number;
  /** The first frame or its configuration has come, in a format that is taken. */
  readonly onMedia: (media: FlvStream) => void;
  readonly onBytes: (bytes: number) => void;
  readonly onDropped: (bytes: number) => void;
  readonly onIdle: () => void;
  readonly onAbandoned: () => void;
}

export class Publication {
  readonly #options: PublicationOptions;
  readonly #idle: NodeJS.Timeout;
  #media: FlvStream | undefined;
  #metadata: AmfObject | undefined;
  /** Script data from before the first frame; the newest replaces the one before it. */
  #script: Tag | undefined;
  #ended = false;

  constructor(options: PublicationOptions) {
    this.#options = options;
    this.#idle = setTimeout(options.onIdle, options.idleMs);
  }

  /** @returns why the format is refused, and what to do */
  accept(message: Message): string | undefined {
    if (this.#ended) return undefined;
    const { type, timestamp, payload } = message;
    if (type === MESSAGE.amf0Data || type === MESSAGE.amf3Data) return this.#acceptScript(message);
    if (payload.length === 0) return undefined;
    const refused = type === MESSAGE.video ? refusedVideo(payload) : refusedAudio(payload);
    if (refused !== undefined) return refused;
    this.#idle.refresh();
    const media = this.#media ?? this.#open();
    this.#write(media, { type: type === MESSAGE.video ? TAG.video : TAG.audio, timestamp, body: payload });
    return undefined;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#idle);
    this.#media?.finish();
  }

  #open(): FlvStream {
    const { bufferBytes, onDropped, onAbandoned, onMedia } = this.#options;
    const media = new FlvStream({
      bufferBytes,
      tracks: announcedTracks(this.#metadata),
      onDropped,
      onAbandoned,
    });
    this.#media = media;
    if (this.#script) this.#write(media, this.#script);
    onMedia(media);
    return media;
  }

  #write(media: FlvStream, tag: Tag): void {
    this.#options.onBytes(tag.body.length);
    media.write(tag);
  }

  #acceptScript({ type, timestamp, payload }: Message): string | undefined {
    // What is no metadata that can be read is nothing a decoder misses.
    if (payload.length > MOST_SCRIPT_BYTES) return undefined;
    const data = readScript(type === MESSAGE.amf3Data && payload[0] === 0 ? payload.subarray(1) : payload);
    if (!data) return undefined;
    if (data.metadata) {
      const refused = refusedMetadata(data.metadata);
      if (refused !== undefined) return refused;
      this.#metadata = data.metadata;
    }
    const tag: Tag = { type: TAG.script, timestamp, body: data.body };
    if (this.#media) this.#write(this.#media, tag);
    else if (data.metadata) this.#script = tag;
    return undefined;
  }
}

interface Script {
  /** As a file has it: the name, then the values. */
  readonly body: Buffer;
  readonly metadata?: AmfObject;
}

/** @returns undefined where there is nothing in it for a file */
function readScript(payload: Buffer): Script | undefined {
  try {
    const reader = new AmfReader(payload);
    let from = 0;
    let name = reader.next();
    // To servers: keep this, and give it to each who comes. The rest is what a file has.
    if (name === '@setDataFrame') {
      from = reader.position;
      name = reader.next();
    }
    if (typeof name !== 'string' || name.startsWith('@')) return undefined;
    const value = reader.done ? undefined : reader.next();
    const body = payload.subarray(from);
    return name === 'onMetaData' && value instanceof Map ? { body, metadata: value } : { body };
  } catch (error) {
    if (error instanceof RtmpError) return undefined;
    throw error;
  }
}
