import { expect } from 'chai';
import { runEdge, viewerRequest } from '../../testing';
import type { Recorded } from '../components/recorded';
import { recordStack } from './stack-recording';

const STORE_ARN = 'arn:aws:cloudfront::123456789012:key-value-store/0b1c2d3e';
const TYPE = 'aws:cloudfront/function:Function';

interface Behavior {
  readonly pathPattern?: string;
  readonly functionAssociations?: readonly { readonly eventType: string; readonly functionArn: string }[];
  readonly trustedKeyGroups?: readonly string[];
}

const behaviorsOf = (stack: Recorded): Behavior[] => {
  const { orderedCacheBehaviors, defaultCacheBehavior } = stack.inputs('cdn-1') as unknown as {
    orderedCacheBehaviors: Behavior[];
    defaultCacheBehavior: Behavior;
  };
  return [...orderedCacheBehaviors, defaultCacheBehavior];
};

/** Paths by the functions that run on them. */
function pathsOf(stack: Recorded): Record<string, string[]> {
  const paths: Record<string, string[]> = {};
  for (const { pathPattern = '*', functionAssociations = [] } of behaviorsOf(stack)) {
    for (const { eventType, functionArn } of functionAssociations) {
      expect(eventType).to.equal('viewer-request');
      const made = stack.query.byType(TYPE).find(({ outputs }) => outputs['arn'] === functionArn);
      (paths[made!.name] ??= []).push(pathPattern);
    }
  }
  return paths;
}

const codeOf = (stack: Recorded, id: string): string => stack.text(`cdn-function-${id}`, 'code');

describe('the stacks’ functions at the edge', function () {
  this.timeout(60_000);
  let prod: Recorded;
  let chosen: Recorded;

  before(async () => {
    prod = await recordStack('prod');
    chosen = await recordStack('dev', {
      publicChannels: false,
      webPages: ['https://www.example.com'],
      edge: {
        country: { block: ['IR'], status: 451, whenUnknown: 'deny' },
        token: { audience: 'viewers' },
        keyValueStoreArn: STORE_ARN,
      },
    });
  });

  it('check and spell directives in staging and prod, on playlists alone, and are none elsewhere', async () => {
    expect(pathsOf(prod)).to.deep.equal({
      'cdn-function-playlists': ['/live/*/index.m3u8', '/live/*/*.m3u8'],
    });
    expect((await recordStack('staging')).query.byType(TYPE)).to.have.length(1);
    for (const stack of ['local', 'dev'])
      expect((await recordStack(stack)).query.byType(TYPE), stack).to.deep.equal([]);
    const off = await recordStack('staging', { edge: { directives: false } });
    expect(off.query.byType(TYPE)).to.deep.equal([]);
    expect((await recordStack('dev', { edge: { directives: true } })).list).to.include(
      'cdn-function-playlists Function',
    );
  });

  it('refuse for prod what no origin could answer, where its page may read why, and keep a signature', () => {
    const run = (query: string) =>
      runEdge(
        codeOf(prod, 'playlists'),
        viewerRequest(`/live/channel-01/1080p.m3u8?${query}`, {
          headers: { origin: 'https://www.example.com' },
        }),
      );
    const { response } = run('_HLS_part=1');
    expect(response?.statusCode).to.equal(400);
    expect(response?.headers?.['access-control-allow-origin']).to.deep.equal({
      value: 'https://www.example.com',
    });
    expect(run('_HLS_part=01&x=1&_HLS_msn=7&Key-Pair-Id=K1').request?.querystring).to.equal(
      '_HLS_msn=7&_HLS_part=1&Key-Pair-Id=K1',
    );
  });

  it('ask for a token and look at countries on everything of a channel, by choice', () => {
    const paths = pathsOf(chosen);
    expect(Object.keys(paths).sort()).to.deep.equal(['cdn-function-media', 'cdn-function-playlists']);
    expect(Object.values(paths).flat()).to.have.length(behaviorsOf(chosen).length);
    for (const id of ['media', 'playlists']) {
      expect(chosen.inputs(`cdn-function-${id}`)['keyValueStoreAssociations']).to.deep.equal([STORE_ARN]);
      const from = (country: string | undefined) => {
        const headers = country === undefined ? {} : { 'cloudfront-viewer-country': country };
        const url = '/live/demo/p/1080p/7.1.m4s';
        return runEdge(codeOf(chosen, id), viewerRequest(url, { headers })).response?.statusCode;
      };
      expect(from('IR'), id).to.equal(451);
      expect(from(undefined), id).to.equal(451);
      expect(from('DE'), id).to.equal(403);
    }
    expect(chosen.list.filter((name) => name.endsWith(' KeyGroup'))).to.deep.equal([]);
    expect(chosen.graph.outputs['howToWatch']).to.match(/^Viewers need a token \(`npx aws-media sign token/);
    expect(chosen.inputs('cdn-headers')['corsConfig']).to.deep.include({
      accessControlAllowCredentials: true,
      accessControlAllowOrigins: { items: ['https://www.example.com'] },
    });
  });

  it('leave signatures to CloudFront: of every channel with a key, but those that are public by name', async () => {
    expect(behaviorsOf(prod).every(({ trustedKeyGroups = [] }) => trustedKeyGroups.length === 1)).to.equal(
      true,
    );
    const dev = await recordStack('dev');
    expect(behaviorsOf(dev).every(({ trustedKeyGroups = [] }) => trustedKeyGroups.length === 0)).to.equal(
      true,
    );
    const channels = {
      news: { ladder: 'hevc-1080p', zone: 'use1-az4', port: 9000, public: true },
      sport: { ladder: 'hevc-1080p', zone: 'use1-az4', port: 9001 },
    };
    const mixed = await recordStack('prod', { channels });
    const unsigned = behaviorsOf(mixed).filter(({ trustedKeyGroups = [] }) => trustedKeyGroups.length === 0);
    expect(unsigned).to.not.deep.equal([]);
    for (const { pathPattern } of unsigned) expect(pathPattern).to.match(/^\/live\/news\//);
  });
});
