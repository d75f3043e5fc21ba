import { found, resourceRule } from '../../core';
import { SECURITY_GROUP_RULES, amongOpenings } from './openings';

/** Ranges as people write them: `443`, `9000-9149`. */
const covers = (ranges: readonly string[], first: number, last: number): boolean =>
  ranges.some((range) => {
    const [low, high = low] = range.split('-').map(Number);
    return low! <= first && last <= high!;
  });

export const onlyListedPortsFromAnywhere = resourceRule({
  id: 'only-listed-ports-from-anywhere',
  family: 'network',
  title: 'Anybody on the internet reaches the listed ports only',
  severity: 'high',
  controls: ['AWS FSBP EC2.18', 'AWS FSBP EC2.19'],
  why: 'Whatever listens on an open port is tried by everybody: metrics, ingest and origin ports are for machines of the stack and for known contributors.',
  fix: "Name who may come: `cidrIpv4: '203.0.113.0/24'`, or `referencedSecurityGroupId: balancer.id`; a port that is meant for everybody goes into the setting tcpPorts or udpPorts",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: SECURITY_GROUP_RULES,
  settings: {
    tcpPorts: {
      type: 'array',
      items: { type: 'string' },
      default: ['80', '443'],
      description: 'TCP ports that anybody may reach, as 443 or 8000-8010',
    },
    udpPorts: {
      type: 'array',
      items: { type: 'string' },
      default: ['443'],
      description: 'UDP ports that anybody may reach, as 443 (QUIC) or 9000-9149 (SRT with passphrases)',
    },
  },
  check: (resource, { tcpPorts, udpPorts }) =>
    found(
      amongOpenings(resource, (opening) => {
        const { protocol, first, last } = opening;
        if (!['tcp', 'udp', 'all'].includes(protocol)) return [];
        if (covers(protocol === 'udp' ? udpPorts : tcpPorts, first, last) && protocol !== 'all') return [];
        const what =
          protocol === 'all'
            ? 'every port'
            : `${protocol.toUpperCase()} ${first === last ? first : `${first} to ${last}`}`;
        return opening.fromAnywhere((range) => [`${what} is open to ${range}`]);
      }),
    ),
});
