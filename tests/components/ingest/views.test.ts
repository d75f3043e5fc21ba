import * as ecs from '@pulumi/aws/ecs';
import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { SrtIngest } from '../../../components/ingest';
import type { FleetIngest } from '../../../components/encode/fleet/neighbours';
import { ENCODER_ENVIRONMENT } from '../../../encoder/contract';
import { parseEnvironment } from '../../../encoder/environment';
import { viewOf, type Graph, type GraphValue } from '../../../testing';
import { recordProgramOf, type Recorded } from '../storage/store-recording';
import { FULL, told } from './ingest-recording';

/** An ingest with all that it can be used with. */
const recordUsed = (): Promise<Recorded> =>
  recordProgramOf(() => {
    const ingest = new SrtIngest('srt', FULL);
    const role = new iam.Role('task', { assumeRolePolicy: '{}' });
    ingest.grantReadPassphrase('news', role.name, { channels: ['news'] });
    return told(ingest);
  });

/** Where values are unknown, and by whose outputs, by names. */
function open(values: Record<string, GraphValue>): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const visit = (value: GraphValue, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('$unknown' in value) {
      found[path] = (value['$unknown'] as string[]).map((of) => of.slice(of.lastIndexOf('::') + 2)).sort();
    } else for (const [key, item] of Object.entries(value)) visit(item, `${path}.${key}`);
  };
  for (const [name, value] of Object.entries(values)) visit(value, name);
  return found;
}

const inputsOf = ({ resources }: Graph): Record<string, GraphValue> =>
  Object.fromEntries(
    resources.filter(({ custom }) => custom).map(({ name, inputs }) => [name, { ...inputs }]),
  );

describe('SrtIngest in both views of what AWS decides', () => {
  let ingest: Recorded;
  before(async () => {
    ingest = await recordUsed();
  });

  it('known: every input is a plain value, without the text of a missing one', () => {
    const seen = viewOf(ingest.graph, 'known');
    expect(open(inputsOf(seen))).to.deep.equal({});
    expect(JSON.stringify([inputsOf(seen), seen.outputs])).not.to.match(
      /undefined|null|NaN|\[object|Calling \[/,
    );
  });

  it('unknown: leaves open exactly what refers to an output, and names whose', () => {
    const seen = viewOf(ingest.graph, 'unknown');
    const found = open(inputsOf(seen));
    expect(new Set(Object.keys(found).map((path) => path.slice(path.indexOf('.') + 1)))).to.deep.equal(
      new Set([
        'acceleratorArn',
        'defaultActions.0.targetGroupArn',
        'endpointConfigurations.0.endpointId',
        'listenerArn',
        'loadBalancerArn',
        'policy',
        'referencedSecurityGroupId',
        'role',
        'securityGroupId',
        'securityGroups.0',
      ]),
    );
    // The ids of these are their ARNs.
    expect(found['srt-news-passphrase.policy']).to.deep.equal(['srt-channel-news-passphrase#id']);
    expect(found['srt-channel-news-listener.loadBalancerArn']).to.deep.equal(['srt-zone-use1-az4#id']);
    const outputs = open(seen.outputs);
    expect(outputs['channels.sport.address']).to.deep.equal(['srt-accelerator#dnsName']);
    expect(outputs['runtimeEnvironment.sport.SRT_PASSPHRASE_SECRET']).to.deep.equal([
      'srt-channel-sport-passphrase#id',
    ]);
  });

  it('holds no passphrase: neither a secret value nor a place for one', () => {
    const text = JSON.stringify(ingest.graph);
    expect(text).not.to.include('secretString');
    expect(ingest.query.byType('aws:secretsmanager/secretVersion:SecretVersion')).to.deep.equal([]);
  });
});

describe('what SrtIngest tells an encoder', () => {
  it("is what the runtime's own parser takes, and means the ports that the load balancer sends to", async () => {
    const ingest = await recordUsed();
    const told = ingest.graph.outputs['runtimeEnvironment'] as Record<string, Record<string, string>>;
    expect(Object.keys(told).sort()).to.deep.equal(['film', 'news', 'sport', 'test']);
    for (const [channel, variables] of Object.entries(told)) {
      for (const name of Object.keys(variables)) expect(ENCODER_ENVIRONMENT).to.have.property(name);
      const env = parseEnvironment(ENCODER_ENVIRONMENT, {
        CHANNEL: channel,
        STORE: 's3:media',
        ...variables,
      });
      const group = ingest.inputs(`srt-channel-${channel}`);
      expect(env.SOURCE).to.equal('srt');
      expect(env.SRT_MODE).to.equal('listener');
      expect(env.HOST).to.equal('0.0.0.0');
      expect(env.SRT_PORT).to.equal(group['port']);
      expect(String(env.METRICS_PORT)).to.equal((group['healthCheck'] as { port: string }).port);
    }
    expect(
      parseEnvironment(ENCODER_ENVIRONMENT, { CHANNEL: 'x', STORE: 's3:media', ...told['news'] }),
    ).to.include({
      SRT_LATENCY_MS: 400,
      SRT_STREAM_ID: 'feed-1',
    });
  });

  it('keeps a service of ECS waiting for the listener, without which ECS refuses its target group', async () => {
    const program = await recordProgramOf(() => {
      const ingest = new SrtIngest('srt', FULL);
      const { targetGroupArn, port } = ingest.channels['sport']!;
      const loadBalancers = [{ targetGroupArn, containerName: 'encoder', containerPort: port }];
      return void new ecs.Service('sport', { loadBalancers });
    });
    expect(program.child('sport').dependencies).to.include.members([
      program.child('srt-channel-sport').urn,
      program.child('srt-channel-sport-listener').urn,
    ]);
  });

  it('is what a fleet of encoders asks for', async () => {
    const ingest = await recordProgramOf(() => {
      const neighbour: FleetIngest = new SrtIngest('srt', FULL);
      neighbour.grantReadPassphrase('sport', 'encoder-sport', { channels: ['sport'] });
      return { group: neighbour.targetSecurityGroupId, channel: neighbour.channels['sport']!.targetGroupArn };
    });
    expect(ingest.graph.outputs).to.deep.equal({
      group: ingest.child('srt-targets').id,
      channel: ingest.output('srt-channel-sport', 'arn'),
    });
    expect(ingest.inputs('srt-sport-passphrase')['role']).to.equal('encoder-sport');
  });

  it('is plain text or an ARN, so that it can stand in a task definition', async () => {
    const ingest = await recordProgramOf(() => {
      const { runtimeEnvironment } = new SrtIngest('srt', FULL);
      return {
        list: Object.entries(runtimeEnvironment['news']!).map(([name, value]) =>
          pulumi.output({ name, value }),
        ),
      };
    });
    for (const { value } of ingest.graph.outputs['list'] as { name: string; value: unknown }[]) {
      expect(value).to.be.a('string');
    }
  });
});
