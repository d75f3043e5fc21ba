/** One connection: its handshake, its commands, its deadlines. What it publishes goes to its owner. */
import type { Socket } from 'node:net';
import type { Refusal } from '../front';
import { AmfReader, type AmfValue } from './amf0';
import {
  ACKNOWLEDGEMENT_WINDOW,
  acknowledgement,
  command,
  EVENT,
  opening,
  status,
  userControl,
} from './answers';
import { ByteQueue } from './byte-queue';
import { ChunkReader } from './chunk-reader';
import { RtmpError } from './error';
import { splitAggregate } from './flv';
import { answerHandshake, checkVersion, HANDSHAKE_BYTES } from './handshake';
import { MESSAGE, type Message } from './message';

/** The largest message that the format can name. */
const MOST_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Until the stream key is known to be valid. Commands are some hundred bytes. */
const MOST_COMMAND_BYTES = 16 * 1024;
/** Most answers that wait for a peer that does not read them, in bytes. */
const MOST_WAITING_BYTES = 64 * 1024;

/** Commands that ask for something which is done already or needs no doing. */
const WITHOUT_EFFECT = new Set([
  'releaseStream',
  'FCPublish',
  '_checkbw',
  'checkBandwidth',
  'getStreamLength',
]);
/** Commands by which a publisher says that it has ended. */
const LEAVING = new Set(['FCUnpublish', 'deleteStream', 'closeStream']);
const PLAYING = new Set(['play', 'play2', 'FCSubscribe']);

export interface Rejection {
  readonly reason: Refusal;
  /** As RTMP names it. */
  readonly code: string;
  /** For a person: what is wrong and what to do. Without anything that the peer sent. */
  readonly description: string;
}

export interface ConnectionLimits {
  /** From the connection to the end of the handshake, in milliseconds. */
  readonly handshakeMs: number;
  /** From the handshake to `publish`, in milliseconds. */
  readonly publishMs: number;
  /** How long a refused peer may take to read why, in milliseconds. */
  readonly lingerMs: number;
}

export interface ConnectionOwner {
  /** A publisher asks to begin. */
  publish(connection: Connection, app: string, key: string): Rejection | undefined;
  /** Audio, video or data of the publisher. */
  media(connection: Connection, message: Message): Rejection | undefined;
  refused(connection: Connection, rejection: Rejection): void;
  /** Nothing more comes, for the given reason. Called once; the socket may stay open for a moment. */
  ended(connection: Connection, why: string): void;
  closed(connection: Connection): void;
}

type Stage = 'version' | 'handshake' | 'commands' | 'publishing' | 'ended';

export class Connection {
  /** Address and port of the peer. */
  readonly address: string;
  readonly ip: string;
  readonly #socket: Socket;
  readonly #limits: ConnectionLimits;
  readonly #owner: ConnectionOwner;
  readonly #handshake = new ByteQueue();
  readonly #chunks: ChunkReader;
  #stage: Stage = 'version';
  /** The handshake's part that is awaited: C1 is answered, C2 only awaited. */
  #answered = false;
  #deadline: NodeJS.Timeout | undefined;
  #app: string | undefined;
  #streams = 0;
  #window = ACKNOWLEDGEMENT_WINDOW;
  #received = 0;
  #acknowledged = 0;

  constructor(socket: Socket, limits: ConnectionLimits, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#limits = limits;
    this.#owner = owner;
    this.ip = socket.remoteAddress ?? 'unknown';
    this.address = `${this.ip.includes(':') ? `[${this.ip}]` : this.ip}:${socket.remotePort ?? 0}`;
    this.#chunks = new ChunkReader(MOST_COMMAND_BYTES, (message) => this.#message(message));
    this.#waitFor('handshake', limits.handshakeMs);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#end(`the connection broke: ${error.code ?? 'error'}`),
    );
    socket.on('end', () => this.#end('the peer closed the connection'));
    socket.on('close', () => {
      this.#end('the connection was closed');
      clearTimeout(this.#deadline);
      owner.closed(this);
    });
  }

  /** Ends at once, without an answer. */
  destroy(why: string): void {
    this.#end(why);
    this.#socket.destroy();
  }

  /** Tells the publisher why, and closes once it has had the time to read that. */
  reject(rejection: Rejection, streamId = 1): void {
    if (this.#stage === 'ended') return;
    this.#send(status(streamId, 'error', rejection.code, rejection.description));
    this.#owner.refused(this, rejection);
    this.#leave('it was refused');
  }

  #receive(chunk: Buffer): void {
    // Read to the end all the same: closing with bytes unread would take the answer back.
    if (this.#stage === 'ended') return;
    try {
      this.#received += chunk.length;
      if (this.#stage === 'commands' || this.#stage === 'publishing') this.#chunks.push(chunk);
      else this.#shakeHands(chunk);
      this.#acknowledge();
    } catch (error) {
      if (!(error instanceof RtmpError)) throw error;
      this.#fault(error.message);
    }
  }

  #fault(what: string): void {
    const description = `it does not speak RTMP as it should: ${what}`;
    if (this.#stage !== 'publishing' && this.#stage !== 'ended')
      this.#owner.refused(this, { reason: 'format', code: 'NetConnection.Call.Failed', description });
    this.destroy(description);
  }

  #shakeHands(chunk: Buffer): void {
    const queue = this.#handshake;
    queue.append(chunk);
    if (this.#stage === 'version') {
      checkVersion(queue.peek(1).readUInt8());
      queue.skip(1);
      this.#stage = 'handshake';
    }
    if (!this.#answered) {
      if (queue.length < HANDSHAKE_BYTES) return;
      this.#send(answerHandshake(queue.peek(HANDSHAKE_BYTES)));
      queue.skip(HANDSHAKE_BYTES);
      this.#answered = true;
    }
    // C2 should repeat S1. Nothing depends on that, and not every encoder does it.
    if (queue.length < HANDSHAKE_BYTES) return;
    queue.skip(HANDSHAKE_BYTES);
    this.#stage = 'commands';
    this.#waitFor('publish command', this.#limits.publishMs);
    if (queue.length > 0) this.#chunks.push(queue.peek(queue.length));
  }

  #acknowledge(): void {
    if (this.#stage !== 'commands' && this.#stage !== 'publishing') return;
    if (this.#received - this.#acknowledged < this.#window) return;
    this.#acknowledged = this.#received;
    this.#send(acknowledgement(this.#received));
  }

  #message(message: Message): void {
    if (this.#stage === 'ended') return;
    const { type, payload } = message;
    switch (type) {
      case MESSAGE.windowAcknowledgementSize:
        if (payload.length >= 4) this.#window = Math.max(1, payload.readUInt32BE());
        return;
      case MESSAGE.userControl:
        if (payload.length >= 6 && payload.readUInt16BE() === EVENT.pingRequest)
          this.#send(userControl(EVENT.pingResponse, payload.readUInt32BE(2)));
        return;
      case MESSAGE.amf0Command:
        this.#command(message, payload);
        return;
      case MESSAGE.amf3Command:
        // One byte says how the values are encoded; 0 is AMF0.
        this.#command(message, payload.subarray(1));
        return;
      case MESSAGE.aggregate:
        for (const part of splitAggregate(message)) this.#media(part);
        return;
      case MESSAGE.audio:
      case MESSAGE.video:
      case MESSAGE.amf0Data:
      case MESSAGE.amf3Data:
        this.#media(message);
        return;
      default:
        // Acknowledgements, shared objects and what is still to be invented ask for no answer.
        return;
    }
  }

  #media(message: Message): void {
    if (this.#stage === 'ended') return;
    if (this.#stage !== 'publishing') throw new RtmpError('media before a stream was published');
    const { type } = message;
    const known =
      type === MESSAGE.audio ||
      type === MESSAGE.video ||
      type === MESSAGE.amf0Data ||
      type === MESSAGE.amf3Data;
    const rejection = known ? this.#owner.media(this, message) : undefined;
    if (rejection) this.reject(rejection, message.streamId);
  }

  #command({ streamId }: Message, payload: Buffer): void {
    const reader = new AmfReader(payload);
    const name = reader.next();
    const transaction = reader.done ? 0 : reader.next();
    if (typeof name !== 'string' || typeof transaction !== 'number')
      throw new RtmpError('a command without a name and a number');
    if (this.#app === undefined && name !== 'connect') throw new RtmpError('a command before connect');
    if (name === 'connect') this.#connect(transaction, reader.done ? undefined : reader.next());
    else if (name === 'createStream') this.#send(command(0, '_result', transaction, null, ++this.#streams));
    else if (name === 'publish') this.#publish(streamId, readArguments(reader));
    else if (LEAVING.has(name)) this.#unpublish(streamId);
    else if (PLAYING.has(name))
      this.reject(
        {
          reason: 'stream-id',
          code: 'NetStream.Play.Failed',
          description:
            'this address only takes a stream in: there is nothing to play by RTMP, viewers use HLS',
        },
        streamId,
      );
    else if (transaction > 0) this.#answerOther(name, transaction);
  }

  #connect(transaction: number, properties: AmfValue): void {
    const app =
      properties instanceof Map ? (properties as ReadonlyMap<string, AmfValue>).get('app') : undefined;
    // Whether it is the right one is said at publish: encoders show a person what they are told there.
    this.#app = typeof app === 'string' ? app : '';
    this.#send(opening());
    this.#send(
      command(
        0,
        '_result',
        transaction,
        { fmsVer: 'FMS/3,0,1,123', capabilities: 31 },
        {
          level: 'status',
          code: 'NetConnection.Connect.Success',
          description: 'connected',
          objectEncoding: 0,
        },
      ),
    );
  }

  #publish(streamId: number, values: readonly AmfValue[]): void {
    if (this.#stage !== 'commands') throw new RtmpError('a second publish in one connection');
    const [, key] = values;
    const rejection = this.#owner.publish(this, this.#app!, typeof key === 'string' ? key : '');
    if (rejection) {
      this.reject(rejection, streamId);
      return;
    }
    clearTimeout(this.#deadline);
    this.#stage = 'publishing';
    this.#chunks.allow(MOST_MESSAGE_BYTES);
    this.#send(userControl(EVENT.streamBegin, streamId));
    this.#send(status(streamId, 'status', 'NetStream.Publish.Start', 'the stream is taken'));
  }

  #unpublish(streamId: number): void {
    if (this.#stage !== 'publishing') return;
    this.#send(status(streamId, 'status', 'NetStream.Unpublish.Success', 'the stream has ended'));
    this.#leave('the publisher ended the stream');
  }

  #answerOther(name: string, transaction: number): void {
    if (WITHOUT_EFFECT.has(name)) {
      this.#send(command(0, '_result', transaction, null, name === 'getStreamLength' ? 0 : undefined));
      return;
    }
    this.#send(
      command(0, '_error', transaction, null, {
        level: 'error',
        code: 'NetConnection.Call.Failed',
        description: 'this command is not known here',
      }),
    );
  }

  #leave(why: string): void {
    this.#end(why);
    this.#socket.end();
    this.#deadline = setTimeout(() => this.#socket.destroy(), this.#limits.lingerMs);
  }

  #end(why: string): void {
    if (this.#stage === 'ended') return;
    this.#stage = 'ended';
    clearTimeout(this.#deadline);
    this.#owner.ended(this, why);
  }

  #waitFor(what: string, milliseconds: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(
      () => this.destroy(`no ${what} within ${milliseconds / 1000} s`),
      milliseconds,
    );
  }

  #send(bytes: Buffer): void {
    if (this.#socket.writableLength > MOST_WAITING_BYTES) throw new RtmpError('it does not read its answers');
    if (this.#socket.writable) this.#socket.write(bytes);
  }
}

function readArguments(reader: AmfReader): AmfValue[] {
  const values: AmfValue[] = [];
  while (!reader.done) values.push(reader.next());
  return values;
}
