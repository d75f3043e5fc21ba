import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { LlHlsOrigin, type LlHlsOriginArgs } from '../../components/origin';
import { recordComponent } from '../../testing';
import { disagreements, normalGraph, normalState } from '../../testing/engine';
import { IMAGE, makeStore, minimal, told } from '../components/origin/origin-recording';
import { ACCOUNT } from '../components/recorded';
import { changed, engineOfSuite } from './suite-engine';

const NEWS = { news: { zone: 'use1-az4' } };

const originOf =
  (args: Partial<LlHlsOriginArgs> = {}): PulumiFn =>
  async () => {
    const store = makeStore('use1-az4', 'use1-az6');
    const given = { ...minimal(store), channels: NEWS, environment: 'dev', ...args } as const;
    return told(new LlHlsOrigin('origin', given));
  };

describe('LlHlsOrigin under the real engine', function () {
  this.timeout(60_000);
  // As AWS's provider: what is not made yet has no id in a preview.
  const engine = engineOfSuite({ standIn: { previews: 'unknown' } });

  it('is made as previewed and as recorded, then has nothing to change, and is destroyed to nothing, CloudFront’s rule first', async () => {
    const stack = await engine.stackOf('whole', originOf());
    const previewed = await stack.preview();
    const lookUps = () => engine.aws.calls.filter(({ token }) => token.includes('getSecurityGroup')).length;
    // CloudFront makes the group with the VPC origin, which is not there yet.
    expect(lookUps()).to.equal(0);
    const up = await stack.up();
    expect(up.changes).to.deep.equal(previewed.changes);
    expect(up.outputs['readTimeoutSeconds']?.value).to.equal(30);
    expect(lookUps()).to.equal(1);
    const made = engine.aws.done('create');
    const state = normalState((await stack.state()).deployment);
    const graph = await recordComponent(originOf(), {
      ...{ project: 'media', stack: 'whole', config: { 'aws:region': 'us-east-1' } },
    });
    expect(disagreements(state, normalGraph(graph))).to.deep.equal([]);
    expect((await stack.preview()).changes).to.deep.equal({ same: made.length + 3 });
    await stack.destroy();
    const deleted = engine.aws.done('delete');
    expect([...deleted].sort()).to.deep.equal([...made].sort());
    const before = (first: string, then: string) =>
      expect(deleted.indexOf(first), `${first} before ${then}`).to.be.below(deleted.indexOf(then));
    before('origin-balancer-cloudfront-in', 'origin-vpc-origin');
    before('origin-vpc-origin', 'origin-balancer');
    before('origin-zone-use1-az4-service', 'origin-zone-use1-az4-rule');
    before('origin-zone-use1-az4-rule', 'origin-zone-use1-az4');
  });

  it('changes by a channel and by an image what these are of, and leaves the number of tasks to scaling', async () => {
    const stack = await engine.stackOf('changed', originOf());
    await stack.up();
    const channels = { ...NEWS, sport: { zone: 'use1-az6' } };
    expect(changed(await stack.up({ program: originOf({ channels }) }))).to.deep.equal({
      create: ['origin-channel-sport-rule'],
      update: ['origin'],
    });
    const image = IMAGE.replace('ab', 'cd');
    const updated = await stack.up({ program: originOf({ channels, image }) });
    const tasks = ['use1-az4', 'use1-az6'].map((zone) => `origin-zone-${zone}-task`);
    expect(changed(updated).replace).to.deep.equal(tasks);
    expect(changed(updated).update).to.deep.equal(tasks.map((name) => name.replace('-task', '-service')));
    const zones = { 'use1-az4': { minTasks: 3 }, 'use1-az6': {} };
    expect(changed(await stack.preview({ program: originOf({ channels, image, zones }) }))).to.deep.equal({
      update: ['origin-zone-use1-az4-scaling'],
    });
  });

  it('makes another VPC origin where it changes, before the old one goes: CloudFront changes none that is in use', async () => {
    const stack = await engine.stackOf('tls', originOf({ alarms: false }));
    await stack.up();
    const certificateArn = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/01234567-89ab-cdef-0123-456789abcdef`;
    const tls = { certificateArn, domainName: 'origin.example.com' };
    const { steps } = await stack.up({ program: originOf({ alarms: false, tls }) });
    const of = (name: string) => steps.filter((step) => step.name === name).map(({ op }) => op);
    expect(of('origin-vpc-origin')).to.deep.equal(['create-replacement', 'replace', 'delete-replaced']);
    expect(of('origin-balancer')).to.deep.equal(['same']);
  });
});
