import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { RECORDING, recordProgramOf } from '../../storage/store-recording';

/** Of the compiled tests, five folders below the project. */
const FOLDER = resolve(__dirname, '../../../../..', 'examples/nvenc-encode-fleet');
const requireHere = createRequire(__filename);

/** What its user is asked for. */
const CONFIG = {
  zoneId: 'use1-az4',
  vpcId: 'vpc-0123456789abcdef0',
  subnetId: 'subnet-0123456789abcdef0',
  image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/encoder@sha256:${'0123456789abcdef'.repeat(4)}`,
  alarmTopic: 'arn:aws:sns:us-east-1:123456789012:on-call',
};

/** Runs the example's text, with the components of this build as the package. */
function run(): unknown {
  const { outputText } = ts.transpileModule(readFileSync(resolve(FOLDER, 'index.ts'), 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2023,
      esModuleInterop: true,
    },
  });
  const load = (name: string): unknown =>
    name === 'pulumi-aws-media'
      ? {
          ...(requireHere('../../../../components/encode/fleet') as object),
          ...(requireHere('../../../../components/storage') as object),
        }
      : requireHere(name);
  const exported = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the program itself
  new Function('require', 'exports', outputText)(load, exported);
  return exported;
}

describe('the example of NvencEncodeFleet', () => {
  it('asks for exactly what its settings have, and places two channels on G6', async () => {
    const settings = readFileSync(resolve(FOLDER, 'Pulumi.yaml'), 'utf8');
    const asked = [...settings.matchAll(/^ {2}(\w+):$\n {4}type: string\n {4}default: (.*)$/gm)];
    expect(Object.fromEntries(asked.map(([, name, value]) => [name, value]))).to.deep.equal(CONFIG);
    const config = Object.fromEntries(
      Object.entries(CONFIG).map(([name, value]) => [`${RECORDING.project}:${name}`, value]),
    );
    const program = await recordProgramOf(run, { config });
    expect(program.query.byType('aws:ecs/service:Service').map(({ name }) => name)).to.deep.equal([
      'live-channel-demo-service',
      'live-channel-news-service',
    ]);
    const { placements, cluster } = program.graph.outputs as {
      placements: Record<string, { instanceType: string; purchase: string; channelsPerInstance: number }>;
      cluster: string;
    };
    expect(cluster).to.equal(program.text('live-cluster', 'name'));
    expect(placements['news']).to.include({
      instanceType: 'g6.xlarge',
      purchase: 'committed',
      channelsPerInstance: 2,
    });
    expect(placements['demo']!.instanceType).to.equal('g6.xlarge');
  });
});
