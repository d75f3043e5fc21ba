/** Who may send: ranges of IPv4 addresses and prefix lists. */
import type { Judge, Problem } from '../kit';

const PREFIX_LIST = /^pl-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;
const ANYWHERE = '0.0.0.0/0';

export const isPrefixList = (source: string): boolean => PREFIX_LIST.test(source);

/** @returns the first address of the range in CIDR form; undefined where the text is no range */
function network(text: string): string | undefined {
  const [, ...numbers] = CIDR.exec(text) ?? [];
  const [a, b, c, d, bits] = numbers.map(Number);
  if (bits === undefined || bits > 32 || [a, b, c, d].some((byte) => byte! > 255)) return undefined;
  const address = ((a! * 256 + b!) * 256 + c!) * 256 + d!;
  const size = 2 ** (32 - bits);
  const first = Math.floor(address / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${bits}`;
}

const ALLOWED =
  'an IPv4 range in CIDR form, as 203.0.113.7/32, or the id of a prefix list, as pl-0123456789abcdef0';

/** @param unencrypted paths of the channels that take this source and have no passphrase */
export const sourceRule =
  (unencrypted: readonly string[]): Judge<unknown> =>
  (value): Problem | undefined => {
    if (typeof value !== 'string')
      return { allowed: ALLOWED, fix: 'give one range; several are several sources' };
    if (isPrefixList(value)) return undefined;
    const first = network(value);
    if (first === undefined) {
      return { allowed: ALLOWED, fix: /^[\d.]+$/.test(value) ? `write ${value}/32` : 'correct it' };
    }
    if (first !== value) {
      return {
        because: 'the address is not the first of its range',
        allowed: ALLOWED,
        fix: `write ${first}`,
      };
    }
    if (value === ANYWHERE && unencrypted.length > 0) {
      return {
        because: `${unencrypted.join(', ')}: not encrypted, so whoever finds the port could send`,
        allowed: 'a range of known addresses',
        fix: 'give the channels a passphrase, or sources of their own',
      };
    }
    return undefined;
  };
