/** AMF0, the values of RTMP's commands and metadata (Adobe's Action Message Format 0 specification, 2007). */
import { RtmpError } from './error';

export type AmfValue = number | boolean | string | null | undefined | Date | AmfObject | readonly AmfValue[];
/** A map, so that no name that a peer chooses means anything to the language. */
export type AmfObject = ReadonlyMap<string, AmfValue>;

/** Objects in objects; real commands have two levels. */
const MOST_LEVELS = 16;
/** Values in one message; real metadata has some 30. */
const MOST_VALUES = 4096;

const MARKER = {
  number: 0,
  boolean: 1,
  string: 2,
  object: 3,
  null: 5,
  undefined: 6,
  reference: 7,
  ecmaArray: 8,
  objectEnd: 9,
  strictArray: 10,
  date: 11,
  longString: 12,
  unsupported: 13,
  xml: 15,
  typedObject: 16,
  amf3: 17,
} as const;

export class AmfReader {
  readonly #bytes: Buffer;
  #at = 0;
  #values = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Where the next value begins. */
  get position(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** @throws RtmpError where no whole AMF0 value is next. */
  next(): AmfValue {
    return this.#value(0);
  }

  #value(level: number): AmfValue {
    if (++this.#values > MOST_VALUES) throw new RtmpError(`AMF with more than ${MOST_VALUES} values`);
    if (level > MOST_LEVELS) throw new RtmpError(`AMF with objects more than ${MOST_LEVELS} deep`);
    const marker = this.#take(1).readUInt8();
    switch (marker) {
      case MARKER.number:
        return this.#take(8).readDoubleBE();
      case MARKER.boolean:
        return this.#take(1).readUInt8() !== 0;
      case MARKER.string:
        return this.#string();
      case MARKER.longString:
      case MARKER.xml:
        return this.#take(this.#take(4).readUInt32BE()).toString('utf8');
      case MARKER.null:
        return null;
      case MARKER.undefined:
      case MARKER.unsupported:
        return undefined;
      case MARKER.reference:
        // To an object of the same message; nothing that is read here is ever sent as one.
        this.#take(2);
        return undefined;
      case MARKER.date: {
        const date = new Date(this.#take(8).readDoubleBE());
        this.#take(2);
        return date;
      }
      case MARKER.object:
        return this.#object(level);
      case MARKER.ecmaArray:
        // The count is a hint: writers of streams put 0.
        this.#take(4);
        return this.#object(level);
      case MARKER.typedObject:
        this.#string();
        return this.#object(level);
      case MARKER.strictArray: {
        const count = this.#take(4).readUInt32BE();
        const values: AmfValue[] = [];
        for (let i = 0; i < count; i++) values.push(this.#value(level + 1));
        return values;
      }
      default:
        throw new RtmpError(
          marker === MARKER.amf3 ? 'AMF3, where AMF0 was agreed on' : `no AMF0 value begins with ${marker}`,
        );
    }
  }

  #object(level: number): AmfObject {
    const object = new Map<string, AmfValue>();
    for (;;) {
      const name = this.#string();
      if (name === '' && this.#bytes[this.#at] === MARKER.objectEnd) {
        this.#at++;
        return object;
      }
      object.set(name, this.#value(level + 1));
    }
  }

  #string(): string {
    return this.#take(this.#take(2).readUInt16BE()).toString('utf8');
  }

  #take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new RtmpError('AMF that is cut off');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}

/** What this side says: no more kinds than answers need. */
export type AmfAnswer = number | string | null | undefined | { readonly [name: string]: number | string };

export function writeAmf0(...values: readonly AmfAnswer[]): Buffer {
  return Buffer.concat(values.map(encode));
}

function encode(value: AmfAnswer): Buffer {
  if (value === null) return Buffer.of(MARKER.null);
  if (value === undefined) return Buffer.of(MARKER.undefined);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'string') return Buffer.concat([Buffer.of(MARKER.string), shortString(value)]);
  const properties = Object.entries(value).flatMap(([name, property]) => [
    shortString(name),
    encode(property),
  ]);
  return Buffer.concat([
    Buffer.of(MARKER.object),
    ...properties,
    shortString(''),
    Buffer.of(MARKER.objectEnd),
  ]);
}

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
