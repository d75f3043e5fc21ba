import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { RECORDING, recordProgramOf } from '../storage/store-recording';

const FOLDER = resolve(__dirname, '../../../..', 'examples/srt-ingest');
const requireHere = createRequire(__filename);

/** What its user is asked for. */
const CONFIG = {
  vpcId: 'vpc-0123456789abcdef0',
  zoneId: 'use1-az4',
  publicSubnetId: 'subnet-0123456789abcdef0',
  privateSubnetId: 'subnet-0123456789abcdef1',
  contributor: '203.0.113.7/32',
};

/** Runs the example's text, with the component of this build as the package. */
function run(): unknown {
  const { outputText } = ts.transpileModule(readFileSync(resolve(FOLDER, 'index.ts'), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  const load = (name: string): unknown =>
    requireHere(name === 'pulumi-aws-media' ? '../../../components/ingest' : name);
  const exported = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the program itself
  new Function('require', 'exports', outputText)(load, exported);
  return exported;
}

describe('the example of SrtIngest', () => {
  it('asks for exactly what its settings have, and tells addresses and secrets by channel', async () => {
    const settings = readFileSync(resolve(FOLDER, 'Pulumi.yaml'), 'utf8');
    const asked = [...settings.matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name);
    expect(asked).to.deep.equal(Object.keys(CONFIG));
    const config = Object.fromEntries(
      Object.entries(CONFIG).map(([name, value]) => [`${RECORDING.project}:${name}`, value]),
    );
    const program = await recordProgramOf(run, { config });
    expect(program.resources).to.have.length(18);
    const host = String(program.output('srt-zone-use1-az4', 'dnsName'));
    expect(program.graph.outputs['addresses']).to.deep.equal({
      news: `srt://${host}:9001`,
      sport: `srt://${host}:9002`,
    });
    expect(program.graph.outputs['secrets']).to.deep.equal({
      news: program.output('srt-channel-news-passphrase', 'arn'),
      sport: program.output('srt-channel-sport-passphrase', 'arn'),
    });
  });
});
