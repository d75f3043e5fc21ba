/** A channel's pod: what a task is on ECS. */
import type { core } from '@pulumi/kubernetes/types/input';
import type * as pulumi from '@pulumi/pulumi';
import { ChannelSource } from '../encode/fleet/args';
import { storeOf } from '../encode/fleet/channel';
import { CONTAINER, environmentOf, notSecret } from '../encode/fleet/container';
import type { NormalChannel } from '../encode/fleet/normal-channels';
import { GPU_RESOURCE } from './device-plugin';
import { poolLabels, type ClusterPlace, type Family } from './family';
import { LABEL, serviceAccountName } from './names';

/** The image's user: encoder/Dockerfile. */
const USER = 10_001;
/** Where the runtime says how it is. */
const HEALTH_PATH = '/healthz';
const METRICS_PATH = '/metrics';
/** Seconds after which a channel leaves a node that is not heard of. Kubernetes' own default is 300. */
const GONE_SECONDS = 30;

/**
 * What the webhook of Pod Identity gives to a pod, under the webhook's own names, by which it leaves them alone. It only
 * does so when it has heard of the association, some seconds after that was made, and a pod that was made before would
 * stay without a role for good (aws/amazon-eks-pod-identity-webhook#264). So a pod asks the agent in any case, and is
 * started again until the association is known.
 */
const IDENTITY = {
  volume: 'eks-pod-identity-token',
  folder: '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount',
  audience: 'pods.eks.amazonaws.com',
  /** Of the agent, on every node. */
  url: 'http://169.254.170.23/v1/credentials',
  expirationSeconds: 86_400,
} as const;

/** Variables of the runtime by name, as the container gets them. */
export function podEnvironment(
  family: Family,
  channel: NormalChannel,
  { region }: Pick<ClusterPlace, 'region'>,
): Record<string, pulumi.Input<string>> {
  const variables: Record<string, pulumi.Input<string>> = {
    ...environmentOf({ channel, region, store: storeOf(family, channel) }),
    // No log driver takes metrics out of the log here: Prometheus reads them.
    METRICS_EMF: 'false',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: IDENTITY.url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${IDENTITY.folder}/${IDENTITY.volume}`,
  };
  // The device plugin says which GPU.
  delete variables['NVIDIA_VISIBLE_DEVICES'];
  const entries = Object.entries(variables).map(([name, value]): [string, pulumi.Input<string>] => [
    name,
    notSecret(family.owner, channel.id, name, value, 'Deployments'),
  ]);
  return Object.fromEntries(entries);
}

/** `spec.template` of a Deployment. */
export function podTemplate(
  family: Family,
  channel: NormalChannel,
  place: ClusterPlace,
  labels: Record<string, string>,
): core.v1.PodTemplateSpec {
  const { id, metricsPort, pool } = channel;
  const { args } = family;
  return {
    metadata: {
      labels,
      annotations: {
        // A live channel is moved by people, and not to save an instance.
        'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
        'karpenter.sh/do-not-disrupt': 'true',
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': String(metricsPort),
        'prometheus.io/path': METRICS_PATH,
      },
    },
    spec: {
      serviceAccountName: serviceAccountName(id),
      // It does not call Kubernetes. What Pod Identity needs is mounted all the same.
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostNetwork: true,
      // AWS's names alone, which the node resolves without the cluster's DNS.
      dnsPolicy: 'Default',
      nodeSelector: {
        ...poolLabels(family, pool),
        'kubernetes.io/arch': 'amd64',
        'node.kubernetes.io/instance-type': pool.instanceType,
        'topology.k8s.aws/zone-id': pool.zone,
      },
      tolerations: [
        { key: LABEL.fleet, operator: 'Equal', value: args.label, effect: 'NoSchedule' },
        ...['not-ready', 'unreachable'].map((state) => ({
          key: `node.kubernetes.io/${state}`,
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: GONE_SECONDS,
        })),
      ],
      terminationGracePeriodSeconds: args.stopTimeoutSeconds,
      securityContext: {
        runAsNonRoot: true,
        ...{ runAsUser: USER, runAsGroup: USER },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [container(family, channel, place)],
      volumes: [
        {
          name: IDENTITY.volume,
          projected: {
            sources: [
              {
                serviceAccountToken: {
                  audience: IDENTITY.audience,
                  expirationSeconds: IDENTITY.expirationSeconds,
                  path: IDENTITY.volume,
                },
              },
            ],
          },
        },
      ],
    },
  };
}

function container(family: Family, channel: NormalChannel, place: ClusterPlace): core.v1.Container {
  const { id, image, source, port, metricsPort, placement } = channel;
  const environment = Object.entries(podEnvironment(family, channel, place))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
  const health = { httpGet: { path: HEALTH_PATH, port: metricsPort }, timeoutSeconds: 5 };
  return {
    name: CONTAINER,
    image,
    env: environment,
    ports: [
      ...(source === ChannelSource.Test
        ? []
        : [hostPort('media', port!, source === ChannelSource.Rtmp ? 'TCP' : 'UDP')]),
      hostPort('metrics', metricsPort, 'TCP'),
    ],
    resources: {
      requests: {
        // The largest of the channel's shares of an instance: Kubernetes admits by it, and knows nothing of the GPU.
        cpu: `${family.args.requests.get(id)!}m`,
        memory: `${placement.memoryMiB}Mi`,
        [GPU_RESOURCE]: '1',
      },
      limits: { [GPU_RESOURCE]: '1' },
    },
    // An encoder may wait for the end of another one's segment before its first tick.
    startupProbe: { ...health, periodSeconds: 10, failureThreshold: 9 },
    livenessProbe: { ...health, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...health, periodSeconds: 5, failureThreshold: 2 },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [{ name: IDENTITY.volume, mountPath: IDENTITY.folder, readOnly: true }],
  };
}

const hostPort = (name: string, port: number, protocol: 'TCP' | 'UDP') => ({
  name,
  ...{ containerPort: port, hostPort: port, protocol },
});
