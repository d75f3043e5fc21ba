/** Walks the boxes of a buffer (ISO/IEC 14496-12, section 4.2). */

export class MediaBoxError extends Error {
  override readonly name: string = 'MediaBoxError';
}

export interface Box {
  readonly type: string;
  /** Range of the payload, after the header. */
  readonly start: number;
  readonly end: number;
}

export function* boxes(buffer: Buffer, start: number, end: number): Generator<Box> {
  let at = start;
  while (at < end) {
    if (at + 8 > end) throw new MediaBoxError(`a box header cut off at byte ${at}`);
    let size = buffer.readUInt32BE(at);
    const type = buffer.toString('latin1', at + 4, at + 8);
    let header = 8;
    if (size === 1 && at + 16 <= end) {
      size = Number(buffer.readBigUInt64BE(at + 8));
      header = 16;
    } else if (size === 0) {
      size = end - at;
    }
    if (size < header || at + size > end) {
      throw new MediaBoxError(`a ${JSON.stringify(type)} box of ${size} bytes where ${end - at} are left`);
    }
    yield { type, start: at + header, end: at + size };
    at += size;
  }
}

/** The first box at a path such as `trak/mdia/mdhd`. */
export function findBox(buffer: Buffer, start: number, end: number, path: string): Box | undefined {
  const [first, ...rest] = path.split('/');
  for (const box of boxes(buffer, start, end)) {
    if (box.type !== first) continue;
    return rest.length === 0 ? box : findBox(buffer, box.start, box.end, rest.join('/'));
  }
  return undefined;
}
