/**
 * Looks into an MPEG-TS on its way: which programme it carries, what was lost, and the closed captions of its video.
 * Only the first programme and its first video stream count, as in contribution there is one.
 */
import { CaptionServices, type CaptionService } from './caption-services';
import { PACKET_BYTES, PacketReader } from './packets';
import type { PictureCaptions } from './presentation-order';
import { firstProgramMap, readProgram, type Program, type ProgramMap } from './program';
import { SectionReader } from './sections';
import { VideoCaptionStream } from './video-stream';

export interface InspectorEvents {
  /** The first programme, and each that differs in PIDs, codecs or languages. */
  readonly onProgram?: (program: Program) => void;
  /** In presentation order. A picture's captions come when its turn to be shown has come, by the decoder's clock. */
  readonly onCaptions?: (captions: PictureCaptions) => void;
}

const PAT_PID = 0;
const NULL_PID = 0x1fff;
const UNKNOWN = 0xff;

export class TsInspector {
  readonly #events: InspectorEvents;
  readonly #packets = new PacketReader((bytes, at) => this.#packet(bytes, at));
  readonly #services = new CaptionServices();
  /** Last continuity counter by PID. */
  readonly #counters = new Uint8Array(NULL_PID).fill(UNKNOWN);
  readonly #pat = new SectionReader((section) => this.#onPat(section));
  #pmt: (ProgramMap & { readonly sections: SectionReader }) | undefined;
  #program: Program | undefined;
  #video: VideoCaptionStream | undefined;
  #lostPackets = 0;

  constructor(events: InspectorEvents) {
    this.#events = events;
  }

  /** Transport packets that are missing by the continuity counters of all PIDs. */
  get lostPackets(): number {
    return this.#lostPackets;
  }

  /** Bytes that are in no packet: garbage, or a broken sync byte. */
  get skippedBytes(): number {
    return this.#packets.skippedBytes;
  }

  /** Caption services that have carried data so far. */
  services(): CaptionService[] {
    return this.#services.list();
  }

  /** Never throws of itself, whatever the bytes; what a callback throws goes through. */
  push(chunk: Buffer): void {
    this.#packets.push(chunk);
  }

  /** The stream has ended: hands out the captions that wait for their turn. */
  end(): void {
    this.#video?.flush();
  }

  #packet(bytes: Buffer, at: number): void {
    const second = bytes[at + 1]!;
    const transportError = 0x80;
    // Its PID can't be trusted either; the packet is missing by its counter.
    if (second & transportError) return;
    const pid = ((second & 0x1f) << 8) | bytes[at + 2]!;
    if (pid === NULL_PID) return;
    const flags = bytes[at + 3]!;
    const hasPayload = (flags & 0x10) !== 0;
    const adaptation = flags & 0x20 ? 1 + bytes[at + 4]! : 0;
    const announced = adaptation > 1 && (bytes[at + 5]! & 0x80) !== 0;
    if (!this.#follows(pid, flags & 0x0f, hasPayload, announced)) return;
    const from = at + 4 + adaptation;
    const to = at + PACKET_BYTES;
    const scrambled = (flags & 0xc0) !== 0;
    if (!hasPayload || scrambled || from >= to) return;
    const unitStart = (second & 0x40) !== 0;
    if (pid === this.#program?.video?.pid) this.#video?.push(bytes, from, to, unitStart);
    else if (pid === PAT_PID) this.#pat.push(bytes.subarray(from, to), unitStart);
    else if (pid === this.#pmt?.pid) this.#pmt.sections.push(bytes.subarray(from, to), unitStart);
  }

  /** Checks the continuity counter. False for a packet that repeats the one before it. */
  #follows(pid: number, counter: number, hasPayload: boolean, announced: boolean): boolean {
    const last = this.#counters[pid]!;
    // Only packets with payload are counted.
    if (!hasPayload) {
      if (announced) this.#counters[pid] = UNKNOWN;
      return true;
    }
    this.#counters[pid] = counter;
    if (last === UNKNOWN || announced) return true;
    if (counter === last) return false;
    const missing = (counter - last - 1) & 0x0f;
    if (missing > 0) {
      this.#lostPackets += missing;
      if (pid === this.#program?.video?.pid) this.#video?.lost();
      else if (pid === PAT_PID) this.#pat.lost();
      else if (pid === this.#pmt?.pid) this.#pmt.sections.lost();
    }
    return true;
  }

  #onPat(section: Buffer): void {
    const map = firstProgramMap(section);
    if (!map || (map.pid === this.#pmt?.pid && map.program === this.#pmt.program)) return;
    this.#pmt = {
      ...map,
      sections: new SectionReader((bytes) => this.#onPmt(readProgram(bytes, map.program))),
    };
  }

  #onPmt(program: Program | undefined): void {
    if (!program || sameProgram(program, this.#program)) return;
    const { video } = program;
    if (video?.pid !== this.#program?.video?.pid || video?.codec !== this.#program?.video?.codec) {
      this.#video?.flush();
      this.#video = video && new VideoCaptionStream(video.codec, (captions) => this.#onCaptions(captions));
    }
    this.#program = program;
    this.#events.onProgram?.(program);
  }

  #onCaptions(captions: PictureCaptions): void {
    this.#services.push(captions.ccData);
    this.#events.onCaptions?.(captions);
  }
}

/** The order of the fields is that of `readProgram` in both. */
const sameProgram = (a: Program, b: Program | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
