/**
 * What a channel requests of a Kubernetes node, and how many nodes hold all channels. Kubernetes admits by CPU as ECS
 * does, but a node keeps a part of its vCPUs for the kubelet and its DaemonSets.
 */

/**
 * Thousandths of a vCPU that pods may request together: what EKS's images leave beside the kubelet
 * (awslabs/amazon-eks-ami, `kubeReserved`: 6 % of the first vCPU, 1 % of the second, 0.5 % of the next two, 0.25 % of the
 * others).
 */
export function allocatableMillicores(vcpus: number): number {
  let reserved = 0;
  for (let vcpu = 1; vcpu <= vcpus; vcpu++)
    reserved += vcpu === 1 ? 60 : vcpu === 2 ? 10 : vcpu <= 4 ? 5 : 2.5;
  return vcpus * 1000 - Math.ceil(reserved);
}

/**
 * The CPU that a channel requests: its share of everything that can be requested. So channels that fit a node never ask
 * for more than the whole of its GPU (times the margin), however little its DaemonSets take.
 * @param share the largest of its shares of an instance, above 0 and at most 1
 */
export const requestMillicores = (share: number, vcpus: number): number =>
  Math.max(1, Math.ceil(share * allocatableMillicores(vcpus) - 1e-6));

/** What channels find of a node. */
export const roomMillicores = (vcpus: number, daemonSetMillicores: number): number =>
  allocatableMillicores(vcpus) - daemonSetMillicores;

/** The pods of a channel. */
export interface ChannelPods {
  /** Thousandths of a vCPU, above 0 and at most what a node has room for. */
  readonly request: number;
  /** Whether a second pod starts on another node before the first one ends. */
  readonly handover: boolean;
}

/**
 * Nodes with which every pod finds a place, whatever the order in which the scheduler places them: it does not know which
 * arrangement needs the fewest. A pod is turned away by a node that has less room than it requests, or the other pod of
 * its channel. The least load of others that leaves too little room is known, so that many nodes cannot all have it.
 */
export function nodesInAnyOrder(channels: readonly ChannelPods[], room: number): number {
  const podsOf = ({ request, handover }: ChannelPods): number => (handover ? 2 : 1) * request;
  const total = channels.reduce((sum, each) => sum + podsOf(each), 0);
  const sums = sumsOf([...new Set(channels.map(({ request }) => request))], room);
  let nodes = 0;
  for (const channel of channels) {
    let least = room - channel.request + 1;
    while (least <= room && !sums[least]) least += 1;
    // Where no load leaves too little room, none does.
    const full = least > room ? 0 : Math.floor((total - podsOf(channel)) / least);
    nodes = Math.max(nodes, full + 1 + (channel.handover ? 1 : 0));
  }
  return nodes;
}

/** Which loads can be made of the sizes, each taken any number of times. */
function sumsOf(sizes: readonly number[], most: number): readonly boolean[] {
  const sums = Array.from({ length: most + 1 }, (_, sum) => sum === 0);
  for (let sum = 1; sum <= most; sum++) sums[sum] = sizes.some((size) => size <= sum && sums[sum - size]);
  return sums;
}
