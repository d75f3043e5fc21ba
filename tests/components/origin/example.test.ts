import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { RECORDING, recordProgramOf } from '../recorded';

/** Of the compiled tests, four folders below the project. */
const FOLDER = resolve(__dirname, '../../../..', 'examples/ll-hls-origin');
const requireHere = createRequire(__filename);

/** What its user is asked for. */
const CONFIG = {
  zoneId: 'use1-az4',
  otherZoneId: 'use1-az6',
  vpcId: 'vpc-0123456789abcdef0',
  subnetId: 'subnet-0123456789abcdef0',
  otherSubnetId: 'subnet-0123456789abcdef1',
  image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/origin@sha256:${'0123456789abcdef'.repeat(4)}`,
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
          ...(requireHere('../../../components/origin') as object),
          ...(requireHere('../../../components/storage') as object),
        }
      : requireHere(name);
  const exported = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the program itself
  new Function('require', 'exports', outputText)(load, exported);
  return exported;
}

describe('the example of LlHlsOrigin', () => {
  it('asks for exactly what its settings have, and tells what a distribution needs', async () => {
    const settings = readFileSync(resolve(FOLDER, 'Pulumi.yaml'), 'utf8');
    const asked = [...settings.matchAll(/^ {2}(\w+):$\n {4}type: string\n {4}default: (.*)$/gm)];
    expect(Object.fromEntries(asked.map(([, name, value]) => [name, value]))).to.deep.equal(CONFIG);
    const config = Object.fromEntries(
      Object.entries(CONFIG).map(([name, value]) => [`${RECORDING.project}:${name}`, value]),
    );
    const program = await recordProgramOf(run, { config });
    expect(program.graph.outputs).to.deep.equal({
      vpcOrigin: {
        vpcOriginId: program.child('origin-vpc-origin').id,
        domainName: program.output('origin-balancer', 'dnsName'),
        readTimeoutSeconds: 30,
        keepaliveTimeoutSeconds: 50,
      },
      services: { 'use1-az4': program.text('origin-zone-use1-az4-service', 'name') },
    });
    expect(program.inputs('origin-zone-use1-az4-scaling')).to.include({ minCapacity: 2, maxCapacity: 8 });
  });
});
