import { expect } from 'chai';
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { recordComponent } from '../../testing';
import { RealEngine, disagreements, normalGraph, normalState } from '../../testing/engine';
import { PROGRAMS } from './programs';
import { requireEngine } from './require-engine';

describe('the recorded graph and the state of the real engine', function () {
  this.timeout(60_000);
  let engine: RealEngine;

  before(async function () {
    engine = await RealEngine.start({ pulumi: requireEngine(this) });
  });

  after(() => engine?.stop());

  for (const [name, { project, config, secrets = {}, run }] of Object.entries(PROGRAMS)) {
    it(`are equal, resource by resource: ${name}`, async () => {
      const stack = await engine.stack(name, (async () => run()) as PulumiFn, { project, config });
      for (const [key, value] of Object.entries(secrets)) await stack.setConfig(key, value, true);
      await stack.up();
      const state = normalState((await stack.state()).deployment);
      const graph = await recordComponent(run, {
        ...{ project, stack: name, config: { ...config, ...secrets } },
        secretKeys: Object.keys(secrets),
      });
      expect(disagreements(state, normalGraph(graph))).to.deep.equal([]);
      expect(Object.keys(state.resources)).to.have.length(graph.resources.length);
    });
  }

  it('differ by what a change of the program changes, and by nothing else', async () => {
    const program = PROGRAMS['store-of-no-zone']!;
    const at = { project: program.project, stack: 'changed' };
    const [here, there] = await Promise.all(
      ['eu-west-1', 'us-east-1'].map((region) =>
        recordComponent(program.run, { ...at, config: { ...program.config, 'aws:region': region } }),
      ),
    );
    const found = disagreements(normalGraph(here!), normalGraph(there!));
    expect(found).to.include(
      'provider urn:pulumi:changed::media::pulumi:providers:aws::default_7_48_0 region: ' +
        'the engine has "eu-west-1", the graph "us-east-1"',
    );
    expect(found.filter((line) => !/region|eu-west-1/i.test(line))).to.deep.equal([]);
  });
});
