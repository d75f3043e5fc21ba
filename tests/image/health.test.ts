import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { Registry } from 'prom-client';
import { HEALTH_PATH } from '../../encoder/image/health';
import { startTelemetry, type TelemetryServer } from '../../encoder/telemetry/server';

const HEALTH = path.join(__dirname, '..', '..', 'encoder', 'image', 'health.js');

const ask = (
  list: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; out: string; error: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [HEALTH, ...list], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let error = '';
    child.stdout.on('data', (part: Buffer) => (out += String(part)));
    child.stderr.on('data', (part: Buffer) => (error += String(part)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, error }));
  });

describe("the image's health check", () => {
  let ok = true;
  let server: TelemetryServer;
  before(async () => {
    server = await startTelemetry(new Registry(), {
      host: '127.0.0.1',
      port: 0,
      health: () => ({ ok, standby: false }),
    });
  });
  after(() => server.close());
  afterEach(() => (ok = true));
  const METRICS_PORT = () => ({ METRICS_PORT: String(server.port) });

  it("asks where the runtime's own listener answers", async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}${HEALTH_PATH}`);
    expect(response.status).to.equal(200);
  });

  it('is well where the runtime says so, and tells what it said', async () => {
    expect(await ask(['encoder'], METRICS_PORT())).to.deep.equal({
      code: 0,
      out: '{"ok":true,"standby":false}\n',
      error: '',
    });
  });

  it('calls loopback where the runtime listens everywhere', async () => {
    expect((await ask(['encoder'], { ...METRICS_PORT(), HOST: '0.0.0.0' })).code).to.equal(0);
    expect((await ask(['origin'], { ...METRICS_PORT(), HOST: '127.0.0.1' })).code).to.equal(0);
  });

  it('is not well where the runtime says so, with its reasons', async () => {
    ok = false;
    expect(await ask(['encoder'], METRICS_PORT())).to.deep.equal({
      code: 1,
      out: '',
      error: 'health: status 503: {"ok":false,"standby":false}\n',
    });
  });

  it('is not well where nobody answers', async () => {
    // Port 1 is of a service that nobody has run for decades.
    const { code, error } = await ask(['encoder'], { METRICS_PORT: '1' });
    expect(code).to.equal(1);
    expect(error).to.include('ECONNREFUSED');
  });

  it('wants to know of whom', async () => {
    expect(await ask([])).to.deep.equal({
      code: 64,
      out: '',
      error: 'health: say of whom, one of encoder, origin\n',
    });
    expect((await ask(['packager'])).code).to.equal(64);
  });
});
