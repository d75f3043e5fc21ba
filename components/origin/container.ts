/** The container of a zone's tasks: the task definition's JSON. */
import * as pulumi from '@pulumi/pulumi';
import { taskLog } from '../kit';
import { METRICS_SECONDS } from './alarms';
import type { NormalOrigin } from './normalise';
import { TASK_PORTS } from './security';

/** Name of the only container of a task. */
export const CONTAINER = 'origin';

/** What a container depends on besides the arguments. */
export interface ContainerWishes {
  readonly args: NormalOrigin;
  readonly store: pulumi.Input<string>;
  /** What the zone's tasks are called in their metrics. */
  readonly metricsName: string;
  readonly region: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
}

/** Variables of the runtime. */
export const environmentOf = ({
  args,
  store,
  metricsName,
  region,
}: Omit<ContainerWishes, 'logGroup'>): Record<string, pulumi.Input<string>> => ({
  AWS_REGION: region,
  // The load balancer and its health checks come from outside.
  HOST: '0.0.0.0',
  HTTP_PORT: String(TASK_PORTS.media),
  LOG_LEVEL: args.logLevel,
  METRICS_EMF: 'true',
  METRICS_INTERVAL_SECONDS: String(METRICS_SECONDS),
  METRICS_PORT: String(TASK_PORTS.health),
  ORIGIN_NAME: metricsName,
  STORE: store,
  WINDOW_SECONDS: String(args.windowSeconds),
});

/** `containerDefinitions` of a task definition. */
export function containerDefinitions(wishes: ContainerWishes): pulumi.Output<string> {
  const { args, region, logGroup } = wishes;
  const definition = {
    name: CONTAINER,
    image: args.image,
    essential: true,
    portMappings: Object.values(TASK_PORTS).map((port) => ({
      ...{ containerPort: port, hostPort: port, protocol: 'tcp' },
    })),
    environment: Object.entries(environmentOf(wishes)).map(([name, value]) => ({ name, value })),
    // The origin writes no file; what opens a shell does.
    readonlyRootFilesystem: !args.executeCommand,
    linuxParameters: { capabilities: { drop: ['ALL'] } },
    // A held request is an open connection.
    ulimits: [{ name: 'nofile', softLimit: 65_535, hardLimit: 65_535 }],
    stopTimeout: args.stopTimeoutSeconds,
    // As the image's own, which ECS does not look at.
    healthCheck: {
      command: ['CMD', 'node', '/app/dist/encoder/image/health.js', 'origin'],
      ...{ interval: 10, timeout: 5, retries: 3, startPeriod: 15 },
    },
    logConfiguration: taskLog(logGroup, region),
  };
  return pulumi.jsonStringify([definition]);
}
