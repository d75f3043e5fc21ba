/** Who may watch: said once, and never by leaving it out. */
import type { Settings } from './settings';

type Access = Pick<Settings, 'channels' | 'edge' | 'publicChannels' | 'signingKeys'>;

/** Whether CloudFront asks for no signature: anybody may watch, or a function asks for a token. */
export const isUnsigned = ({ publicChannels, signingKeys, edge }: Access): boolean =>
  publicChannels || (edge.token !== undefined && Object.keys(signingKeys).length === 0);

/** @returns what contradicts itself, or leaves open who may watch; each by its key */
export function accessProblems({ publicChannels, signingKeys, edge, channels }: Access): string[] {
  const problems: string[] = [];
  const keys = Object.keys(signingKeys);
  if (publicChannels && keys.length > 0) {
    problems.push(
      `publicChannels is true, and signingKeys has ${keys.join(', ')}; allowed: keys, or channels for anybody to watch`,
    );
  }
  if (publicChannels && edge.token !== undefined)
    problems.push('publicChannels is true, and edge.token asks for a token; allowed: one of the two');
  if (!publicChannels && keys.length === 0 && edge.token === undefined) {
    problems.push(
      'signingKeys is empty, so nobody could watch; allowed: a public key by a name (docs/sign.md), edge.token, ' +
        'or publicChannels true, where anybody may watch',
    );
  }
  for (const [id, channel] of Object.entries(channels)) {
    if (channel.public === true && edge.token !== undefined)
      problems.push(
        `channels.${id}.public is true, and edge.token asks of every channel; allowed: one of the two`,
      );
  }
  return problems;
}
