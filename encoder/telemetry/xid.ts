/**
 * Xid, the errors that NVIDIA's driver tells of in the kernel's log alone. Counted where this process may read that log:
 * as root or with CAP_SYSLOG, or where kernel.dmesg_restrict is 0; in a container where it is given /dev/kmsg too.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Counter, type Registry } from 'prom-client';
import type { Logger } from './log';

/** Those of the runbook. They are 0 from the start, so that the first one is an increase. */
const KNOWN = [13, 31, 43, 45, 48, 63, 64, 74, 79, 94, 95, 119, 120, 154];

/** The kernel gives a record a read, and refuses a buffer that is too small for it. */
const RECORD_BYTES = 8192;

export interface Xid {
  /** As the driver names the GPU, such as 0000:00:1e. */
  readonly pci: string;
  readonly xid: string;
}

/** @param text some records of the kernel's log */
export const readXids = (text: string): readonly Xid[] =>
  [...text.matchAll(/\bNVRM: Xid \((?:PCI:)?([\da-f:.]{1,20})\): (\d{1,3})\b/gi)].map(([, pci, xid]) => ({
    pci: pci!,
    xid: xid!,
  }));

/** Follows the kernel's log from now on. */
export class XidLog {
  readonly #file: FileHandle;
  readonly #log: Logger;
  readonly #buffer = Buffer.alloc(RECORD_BYTES);
  readonly #counter: Counter;

  private constructor(file: FileHandle, registry: Registry, log: Logger) {
    this.#file = file;
    this.#log = log;
    this.#counter = new Counter({
      name: 'media_gpu_xid_errors_total',
      help: 'Errors that the driver has told of in the kernel log, of all GPUs of the host, by number (Xid)',
      labelNames: ['xid'],
      registers: [registry],
    });
    for (const xid of KNOWN) this.#counter.inc({ xid: String(xid) }, 0);
  }

  /** @returns nothing where the log cannot be read */
  static async open(path: string, registry: Registry, log: Logger): Promise<XidLog | undefined> {
    let file: FileHandle;
    try {
      // Without waiting: a read that waits would hold up the end of the process.
      file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      log.debug(
        { error: String(error) },
        'errors of the GPU (Xid) are not counted: the kernel log cannot be read',
      );
      return undefined;
    }
    const xids = new XidLog(file, registry, log);
    // What happened before is not this encoder's.
    while ((await xids.#next()) !== undefined);
    return xids;
  }

  async poll(): Promise<void> {
    for (let record = await this.#next(); record !== undefined; record = await this.#next()) {
      for (const { pci, xid } of readXids(record)) {
        this.#counter.inc({ xid });
        this.#log.error({ xid: Number(xid), pci }, 'the driver told of an error of the GPU');
      }
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** @returns nothing where there is no further record now */
  async #next(): Promise<string | undefined> {
    for (;;) {
      try {
        const { bytesRead } = await this.#file.read(this.#buffer, 0, RECORD_BYTES, null);
        return bytesRead === 0 ? undefined : this.#buffer.toString('utf8', 0, bytesRead);
      } catch (error) {
        // Records were overwritten before they were read: the oldest that is left comes next.
        if ((error as NodeJS.ErrnoException).code !== 'EPIPE') return undefined;
      }
    }
  }
}
