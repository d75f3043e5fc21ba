import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { RECORDING, recordProgramOf, type Recorded } from '../../recorded';
import { EC_KEY } from './cdn-recording';

const FOLDER = resolve(__dirname, '../../../../..', 'examples/streaming-cdn');
const requireHere = createRequire(__filename);

/** What its user is asked for. */
const CONFIG = {
  originDomainName: 'origin.example.com',
  bucketArn: 'arn:aws:s3:::segments',
  bucketDomainName: 'segments.s3.us-east-1.amazonaws.com',
  pageOrigin: 'https://www.example.com',
};

/** Runs the example's text, with the component of this build as the package. */
function run(): unknown {
  const { outputText } = ts.transpileModule(readFileSync(resolve(FOLDER, 'index.ts'), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  const load = (name: string): unknown =>
    requireHere(name === 'pulumi-aws-media' ? '../../../../components/delivery/cdn' : name);
  const exported = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the program itself
  new Function('require', 'exports', outputText)(load, exported);
  return exported;
}

const record = (more: Record<string, string> = {}): Promise<Recorded> => {
  const values = Object.entries({ ...CONFIG, ...more });
  const config = Object.fromEntries(values.map(([name, value]) => [`${RECORDING.project}:${name}`, value]));
  return recordProgramOf(run, { config });
};

describe('the example of StreamingCdn', () => {
  it('asks for exactly what its settings have, and tells where channels are and what the bucket needs', async () => {
    const settings = readFileSync(resolve(FOLDER, 'Pulumi.yaml'), 'utf8');
    const asked = [...settings.matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name);
    expect(asked).to.deep.equal(Object.keys(CONFIG));
    const program = await record();
    expect(program.resources).to.have.length(8);
    const host = String(program.output('cdn-1', 'domainName'));
    expect(program.graph.outputs).to.deep.include({
      urls: {
        news: `https://${host}/live/news/index.m3u8`,
        sport: `https://${host}/live/sport/index.m3u8`,
      },
      keyPairIds: {},
    });
    expect(program.graph.outputs['bucketPolicyStatement']).to.deep.include({
      Resource: 'arn:aws:s3:::segments/live/*',
      Condition: { StringEquals: { 'aws:SourceArn': [program.output('cdn-1', 'arn')] } },
    });
  });

  it('asks for signatures where it is given a public key', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cdn-example-'));
    try {
      const publicKeyFile = join(folder, 'signing.pub.pem');
      writeFileSync(publicKeyFile, EC_KEY);
      const program = await record({ publicKeyFile });
      expect(program.resources).to.have.length(10);
      expect(program.graph.outputs['keyPairIds']).to.deep.equal({ first: program.child('cdn-key-first').id });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
