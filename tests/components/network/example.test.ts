import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { RECORDING, recordProgramOf } from '../storage/store-recording';
import { child, ofType } from './network-recording';

const FOLDER = resolve(__dirname, '../../../..', 'examples/media-vpc');
const requireHere = createRequire(__filename);

/** Runs the example's text, with the component of this build as the package. */
function run(): unknown {
  const { outputText } = ts.transpileModule(readFileSync(resolve(FOLDER, 'index.ts'), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
  });
  const load = (name: string): unknown =>
    requireHere(name === 'pulumi-aws-media' ? '../../../components/network' : name);
  const exported = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the program itself
  new Function('require', 'exports', outputText)(load, exported);
  return exported;
}

describe('the example of MediaVpc', () => {
  it('makes a network of two zones with one NAT gateway, and says why', async () => {
    const vpc = await recordProgramOf(run);
    expect(ofType(vpc, 'NatGateway').map(({ name }) => name)).to.deep.equal(['media-nat-use1-az4']);
    expect(ofType(vpc, 'Subnet')).to.have.length(6);
    // As docs/components/media-vpc.md says.
    expect(vpc.resources).to.have.length(35);
    expect(vpc.graph.outputs['egress']).to.match(
      /^outside prod the cheaper way out is taken: one NAT gateway/,
    );
  });

  it('takes the zones of the configuration', async () => {
    const config = { [`${RECORDING.project}:zones`]: '["use1-az5", "use1-az4"]' };
    const vpc = await recordProgramOf(run, { config });
    expect(ofType(vpc, 'NatGateway').map(({ name }) => name)).to.deep.equal(['media-nat-use1-az5']);
    expect(vpc.graph.outputs['privateSubnets']).to.deep.equal({
      'use1-az4': child(vpc, 'Subnet', 'media-private-use1-az4').id,
      'use1-az5': child(vpc, 'Subnet', 'media-private-use1-az5').id,
    });
    expect(child(vpc, 'LogGroup', 'media-flow-logs').inputs['retentionInDays']).to.equal(7);
  });
});
