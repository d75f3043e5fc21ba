/**
 * Asks the runtime of this container whether it is well: `node health.js encoder`, as the image's HEALTHCHECK and a
 * task definition's do. Exit code 0: it is; 1: it is not, or does not answer; 64: wrong use.
 */
import { get } from 'node:http';
import { PORTS } from '../contract';

/** Where the runtime says how it is; `telemetry/server.ts` answers. */
export const HEALTH_PATH = '/healthz';

/** Below the time limit of HEALTHCHECK, so that the reason is still said. */
const TIMEOUT_MS = 4000;

const METRICS_PORTS: Readonly<Record<string, number>> = {
  encoder: PORTS.encoderMetrics,
  origin: PORTS.originMetrics,
};

/** An address that is listened on at all interfaces cannot be called. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '': '127.0.0.1' };

/** @returns the answer's text where the runtime is well. @throws Error that says what is wrong */
export function askHealth(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const address = { host, port, path: HEALTH_PATH, timeout: TIMEOUT_MS };
    const request = get(address, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`status ${response.statusCode}: ${text}`));
      });
    });
    request.once('error', reject);
    request.once('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
  });
}

async function main([role = '', ...more]: readonly string[]): Promise<number> {
  const usual = METRICS_PORTS[role];
  if (usual === undefined || more.length > 0) {
    process.stderr.write(`health: say of whom, one of ${Object.keys(METRICS_PORTS).join(', ')}\n`);
    return 64;
  }
  const { HOST: listened = '', METRICS_PORT: port = String(usual) } = process.env;
  try {
    process.stdout.write(`${await askHealth(LOOPBACK[listened] ?? listened, Number(port))}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`health: ${(error as Error).message}\n`);
    return 1;
  }
}

if (require.main === module) void main(process.argv.slice(2)).then((code) => (process.exitCode = code));
