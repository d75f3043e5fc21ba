import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { RECORDING, recordProgramOf } from '../recorded';

/** Of the compiled tests, four folders below the project. */
const FOLDER = resolve(__dirname, '../../../..', 'examples/nvenc-encode-fleet-eks');
const requireHere = createRequire(__filename);

/** What its user is asked for. */
const CONFIG = {
  zoneId: 'use1-az4',
  otherZoneId: 'use1-az6',
  vpcId: 'vpc-0123456789abcdef0',
  subnetId: 'subnet-0123456789abcdef0',
  otherSubnetId: 'subnet-0123456789abcdef1',
  apiSource: '203.0.113.7/32',
  image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/encoder@sha256:${'0123456789abcdef'.repeat(4)}`,
};

const PACKAGE: Readonly<Record<string, string>> = {
  'pulumi-aws-media': '../../../components/storage',
  'pulumi-aws-media/eks': '../../../components/eks',
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
  const load = (name: string): unknown => requireHere(PACKAGE[name] ?? name);
  const exported = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the program itself
  new Function('require', 'exports', outputText)(load, exported);
  return exported;
}

describe('the example of NvencEncodeFleetOnEks', () => {
  it('asks for exactly what its settings have, and places two channels on G6 in one zone of two', async () => {
    const settings = readFileSync(resolve(FOLDER, 'Pulumi.yaml'), 'utf8');
    const asked = [...settings.matchAll(/^ {2}(\w+):$\n {4}type: string\n {4}default: (.*)$/gm)];
    expect(Object.fromEntries(asked.map(([, name, value]) => [name, value]))).to.deep.equal(CONFIG);
    const config = Object.fromEntries(
      Object.entries(CONFIG).map(([name, value]) => [`${RECORDING.project}:${name}`, value]),
    );
    const program = await recordProgramOf(run, { config });
    const deployments = program.query.byType('kubernetes:apps/v1:Deployment');
    expect(deployments.map(({ name }) => name)).to.deep.equal(['live-channel-demo', 'live-channel-news']);
    const { placements, instances, cluster, namespace } = program.graph.outputs as {
      placements: Record<string, { instanceType: string; zone: string; channelsPerInstance: number }>;
      instances: Record<string, number>;
      cluster: string;
      namespace: string;
    };
    expect(placements['news']).to.include({
      instanceType: 'g6.xlarge',
      zone: 'use1-az4',
      channelsPerInstance: 2,
    });
    expect(Object.values(instances).reduce((sum, each) => sum + each, 0)).to.be.within(1, 2);
    expect(cluster).to.match(/^video-test-live-cluster-[0-9a-f]{8}$/);
    expect(namespace).to.match(/^video-test-live-[0-9a-f]{8}$/);
    expect(program.graph.outputs['kubeconfig']).to.include('get-token');
  });
});
