/** How remedies are worded. */
import type { System } from './system';

/** A command that only root may run, in backquotes. */
export const asRoot = ({ root }: System, command: string): string => `\`${root ? '' : 'sudo '}${command}\``;

export const install = (system: System, packages: string): string =>
  asRoot(system, `apt-get install -y ${packages}`);

const UNITS = [
  [1 << 30, 'GiB'],
  [1 << 20, 'MiB'],
  [1 << 10, 'KiB'],
] as const;

export function size(bytes: number): string {
  const [unit, name] = UNITS.find(([unit]) => bytes >= unit) ?? [1, 'bytes'];
  // Rounded down: never shown as enough when it is not.
  return `${Math.floor((10 * bytes) / unit) / 10} ${name}`;
}
