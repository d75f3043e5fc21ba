/** Limits of the kernel: open files, and the buffer in which UDP waits for the SRT front. */
import { createSocket } from 'node:dgram';
import { asRoot, size } from './advice';
import { failed, ok, skipped, warning, type Check } from './check';
import type { System } from './system';

/** An origin holds a connection a viewer, and up to six where a player speaks HTTP/1.1. */
const LEAST_FILES = 1024;
const ADVISED_FILES = 4096;

const openFiles: Check = {
  id: 'open-files',
  title: 'Limit of open files',
  run: async ({ system }) => {
    // Node raises the soft limit to the hard one when it starts, so this is what the runtime gets.
    const limits = await system.readText('/proc/self/limits');
    const text = limits && /^Max open files\s+(\S+)/m.exec(limits)?.[1];
    if (!text) return skipped('/proc/self/limits does not tell');
    const limit = text === 'unlimited' ? Infinity : Number(text);
    if (limit >= ADVISED_FILES) return ok(text);
    const enough = limit >= LEAST_FILES;
    return (enough ? warning : failed)(text, {
      needed: String(enough ? ADVISED_FILES : LEAST_FILES),
      remedy:
        'In this shell: `ulimit -Hn 65536` (as root); a service: LimitNOFILE=65536; a container: `docker run --ulimit nofile=65536`',
    });
  },
};

const SRT_MBPS = 50;
/** MPEG-TS and SRT headers, retransmissions. */
const OVERHEAD = 1.2;
/** For how long a busy machine may keep the SRT front from reading. */
const STALL_SECONDS = 1;
const COMPUTED = (SRT_MBPS * 1e6 * OVERHEAD * STALL_SECONDS) / 8;
/** Bytes: the computed 7.5 MB, rounded up to whole MiB. */
export const UDP_BUFFER = Math.ceil(COMPUTED / (1 << 20)) * (1 << 20);

const ARITHMETIC =
  `${size(UDP_BUFFER)}: ${SRT_MBPS} Mbit/s x ${OVERHEAD} (headers, retransmissions) x ${STALL_SECONDS} s ` +
  `without reading / 8 = ${COMPUTED / 1e6} MB`;

const SETTING = `net.core.rmem_max=${UDP_BUFFER}`;

const raise = (system: System): string =>
  `${asRoot(system, `sysctl -w ${SETTING}`)} on the host: containers have its limit. ` +
  `To keep it, put \`${SETTING}\` into /etc/sysctl.d/90-media.conf.`;

const limit: Check = {
  id: 'udp-buffer-limit',
  title: 'Limit of receive buffers',
  run: async ({ system }) => {
    const text = await system.readText('/proc/sys/net/core/rmem_max');
    if (text === undefined)
      return skipped('net.core.rmem_max is not visible here; "UDP buffer obtained" tells');
    const bytes = Number(text);
    const found = `net.core.rmem_max is ${bytes} (${size(bytes)})`;
    if (bytes >= UDP_BUFFER) return ok(found);
    return warning(found, { needed: ARITHMETIC, remedy: raise(system) });
  },
};

const obtained: Check = {
  id: 'udp-buffer',
  title: 'UDP buffer obtained',
  run: async ({ system, host }) => {
    const bytes = await obtain(host, system.platform);
    const found = `${size(bytes)} of ${size(UDP_BUFFER)} asked for`;
    if (bytes >= UDP_BUFFER) return ok(found);
    return warning(found, { needed: ARITHMETIC, remedy: raise(system) });
  },
};

async function obtain(host: string, platform: string): Promise<number> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: host, port: 0, exclusive: true }, resolve);
    });
    try {
      socket.setRecvBufferSize(UDP_BUFFER);
    } catch {
      // Other kernels refuse what is too much; Linux gives what it may.
    }
    // Linux doubles what was asked for, for its own bookkeeping, and tells the double (socket(7)).
    return socket.getRecvBufferSize() / (platform === 'linux' ? 2 : 1);
  } finally {
    socket.close();
  }
}

export const LIMIT_CHECKS: readonly Check[] = [openFiles, limit, obtained];
