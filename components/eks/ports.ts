/** Ports of a Kubernetes node: pods have the host's network, so what the node uses itself no channel can have. */
import type { InputProblems } from '../kit';
import { ChannelSource } from '../encode/fleet/args';
import type { NormalChannel } from '../encode/fleet/normal-channels';

/** Kubernetes, "Ports and Protocols"; TCP. */
const NODE_PORTS: Readonly<Record<number, string>> = {
  2703: 'the Pod Identity agent',
  10_248: 'the kubelet',
  10_249: 'kube-proxy',
  10_250: 'the kubelet',
  10_255: 'the kubelet',
  10_256: 'kube-proxy',
};
/** Of services of type NodePort, TCP and UDP: kube-proxy takes what comes to them. */
const FIRST_SERVICE_PORT = 30_000;

/** Adds a problem for each port that a node keeps for itself. */
export function checkNodePorts(problems: InputProblems, channels: Iterable<NormalChannel>): void {
  for (const { id, source, port, metricsPort } of channels) {
    const isTcp = source === ChannelSource.Rtmp;
    if (port !== undefined) check(problems, `channels.${id}.port`, port, isTcp);
    if (metricsPort !== port || !isTcp) check(problems, `channels.${id}.metricsPort`, metricsPort, true);
  }
}

function check(problems: InputProblems, path: string, port: number, isTcp: boolean): void {
  const owner =
    port >= FIRST_SERVICE_PORT ? 'services of type NodePort' : isTcp ? NODE_PORTS[port] : undefined;
  if (owner === undefined) return;
  problems.add(path, port, {
    because: `on a Kubernetes node it belongs to ${owner}`,
    allowed: `1024 to ${FIRST_SERVICE_PORT - 1}, but for ${Object.keys(NODE_PORTS).join(', ')} (TCP)`,
    fix: 'choose another port',
  });
}
