/** Damages MP4: its tree of boxes first, then its bytes. */
import type { Random } from './random';

/** A box with its children, or with its bytes. */
interface Node {
  type: string;
  /** What stands between the header and the first child. */
  readonly lead: Buffer;
  readonly children: Node[];
  /** Where the box holds other boxes or none: a payload that stays as it is. */
  readonly payload: Buffer | undefined;
}

/** Boxes that hold boxes, and how many bytes stand before the first. */
const CONTAINERS: Readonly<Record<string, number>> = {
  ...{ moov: 0, trak: 0, mdia: 0, minf: 0, stbl: 0, dinf: 0, edts: 0, mvex: 0, moof: 0, traf: 0 },
  ...{ stsd: 8, avc1: 78, hvc1: 78, mp4a: 28 },
};
const TYPES = [
  ...[
    'ftyp',
    'moov',
    'trak',
    'mdia',
    'mdhd',
    'hdlr',
    'minf',
    'stbl',
    'stsd',
    'avc1',
    'avc3',
    'avcC',
    'hvc1',
    'hev1',
  ],
  ...[
    'hvcC',
    'mp4a',
    'esds',
    'mvex',
    'trex',
    'styp',
    'prft',
    'emsg',
    'sidx',
    'moof',
    'mfhd',
    'traf',
    'tfhd',
    'tfdt',
  ],
  ...['trun', 'mdat', 'free', 'skip', 'mfra', 'uuid', 'udta', 'encv', '\0\0\0\0'],
];
/** Where sizes and counts turn over, and the reader's own limits. */
const EDGES = [
  ...[0, 1, 4, 7, 8, 9, 15, 16, 17, 255, 256, 65_535, 65_536, 1_000_000, 1_000_001],
  ...[2 ** 22, 2 ** 22 + 1, 2 ** 27, 2 ** 27 + 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1],
];
const LARGE_EDGES = [0n, 8n, 15n, 16n, 17n, 2n ** 22n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

function parse(bytes: Buffer): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = size >= 8 && at + size <= bytes.length ? at + size : bytes.length;
    const body = bytes.subarray(at + 8, end);
    const lead = CONTAINERS[type];
    const holds = lead !== undefined && body.length >= lead;
    nodes.push({
      type,
      lead: holds ? body.subarray(0, lead) : Buffer.alloc(0),
      children: holds ? parse(body.subarray(lead)) : [],
      payload: holds ? undefined : body,
    });
    at = end;
  }
  return nodes;
}

function write(nodes: readonly Node[]): Buffer {
  return Buffer.concat(
    nodes.flatMap(({ type, lead, children, payload }) => {
      const body = payload ?? Buffer.concat([lead, write(children)]);
      const header = Buffer.alloc(8);
      header.writeUInt32BE(8 + body.length);
      header.write(type, 4, 'latin1');
      return [header, body];
    }),
  );
}

/** Every list of siblings, at any depth. */
const families = (nodes: Node[]): Node[][] => [nodes, ...nodes.flatMap(({ children }) => families(children))];

type TreeMutation = (siblings: Node[], at: number, random: Random, others: readonly Node[]) => void;

const TREE_MUTATIONS: readonly TreeMutation[] = [
  function remove(siblings, at) {
    siblings.splice(at, 1);
  },
  function duplicate(siblings, at, random) {
    siblings.splice(at, 0, ...Array<Node>(random.few(4)).fill(siblings[at]!));
  },
  function swap(siblings, at, random) {
    const other = random.below(siblings.length);
    [siblings[at], siblings[other]] = [siblings[other]!, siblings[at]!];
  },
  function rename(siblings, at, random) {
    siblings[at] = { ...siblings[at]!, type: random.pick(TYPES) };
  },
  function nest(siblings, at, random) {
    const type = random.chance(0.5) ? siblings[at]!.type : random.pick(TYPES);
    for (let depth = random.pick([1, 2, 10, 200]); depth > 0; depth--) {
      siblings[at] = { type, lead: Buffer.alloc(0), children: [siblings[at]!], payload: undefined };
    }
  },
  function unwrap(siblings, at) {
    siblings.splice(at, 1, ...siblings[at]!.children);
  },
  function cut(siblings, at, random) {
    const { payload } = siblings[at]!;
    if (payload)
      siblings[at] = { ...siblings[at]!, payload: payload.subarray(0, random.below(payload.length + 1)) };
  },
  function takeFromAnother(siblings, at, random, others) {
    const found = random.pick(families([...others]).filter((family) => family.length > 0));
    // A copy: no box may come to hold itself.
    siblings.splice(at, random.below(2), ...parse(write([random.pick(found)])));
  },
];

type ByteMutation = (bytes: Buffer, random: Random) => Buffer;

/** Where each box that can be found begins. */
function headers(bytes: Buffer, from = 0, to = bytes.length): number[] {
  const found: number[] = [];
  for (let at = from; at + 8 <= to;) {
    found.push(at);
    const size = bytes.readUInt32BE(at);
    const lead = CONTAINERS[bytes.toString('latin1', at + 4, at + 8)];
    if (lead !== undefined) found.push(...headers(bytes, at + 8 + lead, Math.min(to, at + size)));
    if (size < 8) break;
    at += size;
  }
  return found;
}

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  function flipBits(bytes, random) {
    for (let count = random.few(8); count > 0; count--) {
      const at = random.below(bytes.length);
      bytes[at] = bytes[at]! ^ (1 << random.below(8));
    }
    return bytes;
  },
  function setByte(bytes, random) {
    bytes[random.below(bytes.length)] = random.pick([0, 1, 7, 8, 15, 16, 127, 128, 254, 255]);
    return bytes;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.chance(0.5) ? random.below(bytes.length) : random.pick(headers(bytes)));
  },
  function setSize(bytes, random) {
    const at = random.pick(headers(bytes));
    const near = bytes.readUInt32BE(at) + random.pick([-8, -4, -1, 1, 4, 8]);
    bytes.writeUInt32BE(random.chance(0.5) ? near >>> 0 : random.pick(EDGES), at);
    return bytes;
  },
  function setLargeSize(bytes, random) {
    const at = random.pick(headers(bytes));
    if (at + 16 > bytes.length) return bytes;
    bytes.writeUInt32BE(1, at);
    const rest = BigInt(bytes.length - at);
    bytes.writeBigUInt64BE(random.pick([...LARGE_EDGES, rest, rest + 1n, rest - 1n]), at + 8);
    return bytes;
  },
  function setField(bytes, random) {
    const at = random.pick(headers(bytes)) + 8 + 4 * random.below(8);
    if (at + 4 <= bytes.length) bytes.writeUInt32BE(random.pick(EDGES), at);
    return bytes;
  },
  function insert(bytes, random) {
    const at = random.chance(0.5) ? random.below(bytes.length) : random.pick(headers(bytes));
    const filling = Buffer.alloc(random.pick([1, 4, 7, 8, 16, 300]), random.pick([0, 1, 0x20, 0xff]));
    return Buffer.concat([bytes.subarray(0, at), filling, bytes.subarray(at)]);
  },
];

/** @param corpus whole inputs; one of them is damaged, boxes of others may be put into it */
export function mutateBoxes(corpus: readonly Buffer[], random: Random): Buffer {
  const tree = parse(random.pick(corpus));
  const others = parse(random.pick(corpus));
  for (let count = random.below(3); count > 0; count--) {
    const family = random.pick(families(tree).filter((siblings) => siblings.length > 0));
    if (family) random.pick(TREE_MUTATIONS)(family, random.below(family.length), random, others);
  }
  let bytes = write(tree);
  for (let count = random.below(4); count > 0 && bytes.length >= 16; count--) {
    bytes = random.pick(BYTE_MUTATIONS)(bytes, random);
  }
  return bytes;
}
