/** A channel's container: the task definition's JSON. */
import * as pulumi from '@pulumi/pulumi';
import { InputProblems, taskLog } from '../../kit';
import { ChannelSource } from './args';
import type { NormalChannel } from './normal-channels';

/** Name of the only container of a task. */
export const CONTAINER = 'encoder';

/** Variables that the fleet sets by itself, so a channel may not. */
export const FLEET_VARIABLES = [
  'CHANNEL',
  'SOURCE',
  'LADDER',
  'ENCODER',
  'PROFILE',
  'FRAME_RATE',
  'METRICS_PORT',
  'METRICS_EMF',
  'SEGMENT_STORAGE_CLASS',
  'STORE',
  'HOST',
  'SRT_PORT',
  'RTMP_PORT',
  'UDP_PORT',
] as const;

const PORT_VARIABLE = { srt: 'SRT_PORT', rtmp: 'RTMP_PORT', udp: 'UDP_PORT' } as const;

/** What a container depends on besides its channel. */
export interface ContainerWishes {
  /** As errors name the fleet. */
  readonly owner: string;
  readonly channel: NormalChannel;
  readonly region: pulumi.Input<string>;
  readonly store: {
    readonly STORE: pulumi.Input<string>;
    readonly SEGMENT_STORAGE_CLASS?: pulumi.Input<string>;
  };
  readonly logGroup: pulumi.Input<string>;
  readonly stopTimeoutSeconds: number;
}

/** Variables of the runtime, and of the container's own runtime. */
export function environmentOf({
  channel,
  region,
  store,
}: Pick<ContainerWishes, 'channel' | 'region' | 'store'>): Record<string, pulumi.Input<string>> {
  const { id, ladder, profile, frameRate, source, port, metricsPort, environment } = channel;
  return {
    // Every GPU of the host: there is one, and the default runtime of the instance is NVIDIA's.
    NVIDIA_DRIVER_CAPABILITIES: 'video,compute,utility',
    NVIDIA_VISIBLE_DEVICES: 'all',
    // On EC2 nobody tells a task where it is.
    AWS_REGION: region,
    CHANNEL: id,
    SOURCE: source,
    LADDER: ladder,
    // Never in software: it would not keep up, and nobody would know why.
    ENCODER: 'nvenc',
    PROFILE: profile,
    FRAME_RATE: frameRate,
    // The host's network: the load balancer and its health checks come from outside.
    HOST: '0.0.0.0',
    METRICS_PORT: String(metricsPort),
    METRICS_EMF: 'true',
    ...(source !== ChannelSource.Test && { [PORT_VARIABLE[source]]: String(port) }),
    ...store,
    ...environment,
  };
}

/** `containerDefinitions` of a task definition. */
export function containerDefinitions(wishes: ContainerWishes): pulumi.Output<string> {
  const { owner, channel, region, logGroup, stopTimeoutSeconds } = wishes;
  const { source, port, metricsPort, placement } = channel;
  const environment = Object.entries(environmentOf(wishes))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value: notSecret(owner, channel.id, name, value) }));
  const mappings = [
    ...(source === ChannelSource.Test
      ? []
      : [{ containerPort: port, hostPort: port, protocol: source === ChannelSource.Rtmp ? 'tcp' : 'udp' }]),
    { containerPort: metricsPort, hostPort: metricsPort, protocol: 'tcp' },
  ];
  const definition = {
    name: CONTAINER,
    image: channel.image,
    essential: true,
    // The largest of the channel's shares of an instance: ECS admits by it, and knows nothing of the GPU.
    cpu: placement.cpuUnits,
    memoryReservation: placement.memoryMiB,
    portMappings: mappings,
    environment,
    linuxParameters: { capabilities: { drop: ['ALL'] } },
    ulimits: [{ name: 'nofile', softLimit: 65_536, hardLimit: 65_536 }],
    stopTimeout: stopTimeoutSeconds,
    // As the image's own, which ECS does not look at.
    healthCheck: {
      command: ['CMD', 'node', '/app/dist/encoder/image/health.js', 'encoder'],
      interval: 10,
      timeout: 5,
      retries: 3,
      startPeriod: 60,
    },
    logConfiguration: taskLog(logGroup, region),
  };
  return pulumi.jsonStringify([definition]);
}

/**
 * Who may read a task definition sees its environment.
 * @param readable what the environment stands in
 */
export function notSecret(
  owner: string,
  channel: string,
  name: string,
  value: pulumi.Input<string>,
  readable = 'task definitions',
): pulumi.Input<string> {
  if (typeof value === 'string') return value;
  return pulumi.all([value, pulumi.isSecret(pulumi.output(value))]).apply(([text, secret]) => {
    if (!secret) return text;
    const problems = new InputProblems(owner);
    problems.add(`channels.${channel}.environment.${name}`, 'a secret', {
      because: `whoever may read ${readable} sees it`,
      allowed: 'texts that are not secret',
      fix: 'give the ARN of a secret that the runtime reads, or the path of a file',
    });
    problems.throwIfAny();
    return text;
  });
}
