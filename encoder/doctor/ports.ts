/** Whether the ports that a channel listens on by default can be bound, and who holds them where not. */
import { createSocket } from 'node:dgram';
import { createServer, isIPv6 } from 'node:net';
import { PORTS } from '../contract';
import { failed, ok, warning, type Check } from './check';
import { portHolder, type Protocol } from './port-holder';

export interface Port {
  readonly id: string;
  readonly title: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** Callers push to a port that they were told; the others give way to a free one in local runs. */
  readonly fixed: boolean;
  readonly remedy: string;
}

const givesWay = (how: string): string => `\`aws-media local up\` takes a free one instead. ${how}`;

const anotherPort = (variable: string): string =>
  `Stop that program, or choose another port (\`local up --ingest-port\`, ${variable} of the encoder) and tell its callers.`;

const DEFAULT_PORTS: readonly Port[] = [
  {
    id: 'port-origin-http',
    title: 'Port of the origin, HTTP',
    protocol: 'tcp',
    port: PORTS.originHttp,
    fixed: false,
    remedy: givesWay('Choose it with `--port`, or with HTTP_PORT for the origin itself.'),
  },
  {
    id: 'port-origin-https',
    title: 'Port of the origin, HTTPS',
    protocol: 'tcp',
    port: PORTS.originHttps,
    fixed: false,
    remedy: givesWay('Choose it with `--https-port`, or with HTTPS_PORT for the origin itself.'),
  },
  {
    id: 'port-encoder-metrics',
    title: "Port of the encoder's metrics",
    protocol: 'tcp',
    port: PORTS.encoderMetrics,
    fixed: false,
    remedy: givesWay('Choose it with METRICS_PORT for the encoder itself.'),
  },
  {
    id: 'port-origin-metrics',
    title: "Port of the origin's metrics",
    protocol: 'tcp',
    port: PORTS.originMetrics,
    fixed: false,
    remedy: givesWay('Choose it with METRICS_PORT for the origin itself.'),
  },
  {
    id: 'port-rtmp',
    title: 'Port for RTMP callers',
    protocol: 'tcp',
    port: PORTS.rtmp,
    fixed: true,
    remedy: anotherPort('RTMP_PORT'),
  },
  {
    id: 'port-srt',
    title: 'Port for SRT callers',
    protocol: 'udp',
    port: PORTS.srt,
    fixed: true,
    remedy: anotherPort('SRT_PORT'),
  },
  {
    id: 'port-udp',
    title: 'Port for MPEG-TS over UDP',
    protocol: 'udp',
    port: PORTS.udp,
    fixed: true,
    remedy: anotherPort('UDP_PORT'),
  },
];

export const portCheck = ({ id, title, protocol, port, fixed, remedy }: Port): Check => ({
  id,
  title,
  run: async ({ system, host }) => {
    const name = `${port}/${protocol}`;
    const error = await bind(protocol, host, port);
    if (error === undefined) return ok(`${name} is free`);
    if (error === 'EADDRINUSE') {
      const holder = (await portHolder(system, protocol, port)) ?? 'a process that cannot be seen';
      return (fixed ? failed : warning)(`${name} is held by ${holder}`, { needed: `${name}, free`, remedy });
    }
    return failed(`${name} cannot be bound on ${host}: ${error}`, { needed: `${name}, free`, remedy });
  },
});

/** The error's code, or undefined where the port could be bound. It is free again when this resolves. */
function bind(protocol: Protocol, host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const code = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    if (protocol === 'tcp') {
      const server = createServer();
      server.once('error', code);
      server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
    } else {
      const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
      socket.once('error', (error: NodeJS.ErrnoException) => socket.close(() => code(error)));
      socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
    }
  });
}

export const PORT_CHECKS: readonly Check[] = DEFAULT_PORTS.map(portCheck);
