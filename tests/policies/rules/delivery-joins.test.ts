import { expect } from 'chai';
import { UNKNOWN, type Values } from '../../../policies/core';
import { bucketOriginsHaveAccessControl } from '../../../policies/rules/delivery/bucket-origins-have-access-control';
import { edgeLambdasFit } from '../../../policies/rules/delivery/edge-lambdas-fit';
import { covers } from '../../../policies/rules/delivery/globs';
import { noBehaviourIsShadowed } from '../../../policies/rules/delivery/no-behaviour-is-shadowed';
import { viewerCertificatesAreInUsEast1 } from '../../../policies/rules/delivery/viewer-certificates-are-in-us-east-1';
import { mediaIsKeptADay } from '../../../policies/rules/media/media-is-kept-a-day';
import { playlistKeysHaveTheDirectives } from '../../../policies/rules/media/playlist-keys-have-the-directives';
import { playlistsAreCompressed } from '../../../policies/rules/media/playlists-are-compressed';
import { playlistsAreKeptBriefly } from '../../../policies/rules/media/playlists-are-kept-briefly';
import { made, said } from './hand-made';

const policy = (name: string, maxTtl: number, id: Values[string] = UNKNOWN) =>
  made('aws:cloudfront/cachePolicy:CachePolicy', name, { id, minTtl: 0, defaultTtl: 1, maxTtl });

const behaviour = (pathPattern: string, values: Values): Values => ({
  ...{ pathPattern, targetOriginId: 'live', viewerProtocolPolicy: 'https-only' },
  ...values,
});

const distribution = (behaviours: readonly Values[], from: readonly string[]) =>
  made(
    'aws:cloudfront/distribution:Distribution',
    'cdn',
    { orderedCacheBehaviors: behaviours },
    { orderedCacheBehaviors: from },
  );

const unknown = behaviour('/live/*.m3u8', { cachePolicyId: UNKNOWN });

describe('rules of delivery and media, where ids are not known yet', () => {
  it('are content where one of the policies behind a behaviour is right', () => {
    const verdict = said(
      playlistsAreKeptBriefly,
      distribution([unknown], ['long', 'brief']),
      policy('long', 86_400),
      policy('brief', 1),
    );
    expect(verdict).to.deep.equal({ result: 'compliant' });
  });
  it('find what is wrong where none of them is', () => {
    const verdict = said(
      playlistsAreKeptBriefly,
      distribution([unknown], ['long', 'longer']),
      policy('long', 600),
      policy('longer', 86_400),
    );
    expect(verdict).to.deep.equal({
      result: 'violating',
      found: ['the behaviour of /live/*.m3u8 keeps playlists for up to 600 s, of 2'],
    });
  });
  it('wait where nothing is known of the policy', () => {
    expect(said(playlistsAreKeptBriefly, distribution([unknown], []))).to.deep.equal({
      result: 'undecided',
      path: 'orderedCacheBehaviors.cachePolicyId',
    });
  });
  it('find what is wrong with one behaviour though nothing is known of another', () => {
    const older = behaviour('/live/*.mpd', {
      ...{ forwardedValues: { queryString: false, cookies: { forward: 'none' } }, defaultTtl: 1, maxTtl: 60 },
    });
    expect(said(playlistsAreKeptBriefly, distribution([unknown, older], []))).to.deep.equal({
      result: 'violating',
      found: ['the behaviour of /live/*.mpd keeps playlists for up to 60 s, of 2'],
    });
  });
  it('wait where an origin on the internet may be the website of a bucket', () => {
    const cdn = made('aws:cloudfront/distribution:Distribution', 'cdn', {
      origins: [
        { originId: 'live', domainName: UNKNOWN, customOriginConfig: { originProtocolPolicy: 'https-only' } },
      ],
    });
    expect(said(bucketOriginsHaveAccessControl, cdn)).to.deep.equal({
      result: 'undecided',
      path: 'origins.domainName',
    });
  });
  it('know the region of a certificate before its ARN', () => {
    const cdn = made(
      'aws:cloudfront/distribution:Distribution',
      'cdn',
      { viewerCertificate: { acmCertificateArn: UNKNOWN } },
      { viewerCertificate: ['certificate'] },
    );
    const certificate = (region: string) =>
      made('aws:acm/certificate:Certificate', 'certificate', { region });
    expect(said(viewerCertificatesAreInUsEast1, cdn, certificate('eu-west-1'))).to.deep.equal({
      result: 'violating',
      found: ['its certificate is in eu-west-1'],
    });
    expect(said(viewerCertificatesAreInUsEast1, cdn, certificate('us-east-1')).result).to.equal('compliant');
    expect(said(viewerCertificatesAreInUsEast1, cdn).result).to.equal('undecided');
  });
});

describe('rules of delivery and media, where ids are written by hand', () => {
  it('take the policy of that id, whatever else there is', () => {
    const cdn = distribution([behaviour('/live/*.m3u8', { cachePolicyId: 'b' })], []);
    expect(
      said(playlistsAreKeptBriefly, cdn, policy('brief', 1, 'a'), policy('long', 60, 'b')),
    ).to.deep.equal({
      result: 'violating',
      found: ['the behaviour of /live/*.m3u8 keeps playlists for up to 60 s, of 2'],
    });
  });
  it('take the only policy behind a behaviour, where the stack does not tell its id', () => {
    const cdn = distribution([behaviour('/live/*.m3u8', { cachePolicyId: 'b' })], ['long']);
    expect(said(playlistsAreKeptBriefly, cdn, policy('long', 60, undefined)).result).to.equal('violating');
  });
  it('keep media by the older values for a day at the least', () => {
    const older = (maxTtl: number | undefined) =>
      distribution(
        [behaviour('/live/*.m4s', { forwardedValues: { queryString: false }, defaultTtl: 86_400, maxTtl })],
        [],
      );
    expect(said(mediaIsKeptADay, older(3600)).result).to.equal('violating');
    expect(said(mediaIsKeptADay, older(undefined)).result).to.equal('compliant');
  });
});

describe('older values of a behaviour', () => {
  const older = (values: Values) =>
    distribution([behaviour('/live/*.m3u8', { defaultTtl: 1, maxTtl: 1, ...values })], []);
  it('have every query string in the key where none is named', () => {
    expect(
      said(playlistKeysHaveTheDirectives, older({ forwardedValues: { queryString: true } })),
    ).to.deep.equal({
      result: 'violating',
      found: ['the key of the behaviour of /live/*.m3u8 has whatever a viewer adds to the URL'],
    });
  });
  it('compress with gzip alone', () => {
    expect(
      said(playlistsAreCompressed, older({ compress: true, forwardedValues: { queryString: false } })),
    ).to.deep.equal({
      result: 'violating',
      found: ['the key of the behaviour of /live/*.m3u8 does not know brotli'],
    });
  });
});

describe('edge-lambdas-fit', () => {
  const lambda = (props: Values) =>
    made('aws:lambda/function:Function', 'lambda', { arn: 'arn:lambda', ...props });
  const runsOn = (...events: string[]) =>
    distribution(
      [
        behaviour('/api/*', {
          lambdaFunctionAssociations: events.map((eventType) => ({ eventType, lambdaArn: 'arn:lambda:1' })),
        }),
      ],
      [],
    );
  const good = { qualifiedArn: 'arn:lambda:1', region: 'us-east-1', timeout: 5, memorySize: 128 };

  it('is content with what CloudFront takes, and with what AWS fills in', () => {
    const least = { qualifiedArn: 'arn:lambda:1', region: 'us-east-1' };
    expect(said(edgeLambdasFit, lambda(good), runsOn('viewer-request')).result).to.equal('compliant');
    expect(said(edgeLambdasFit, lambda(least), runsOn('viewer-request')).result).to.equal('compliant');
  });
  it('finds the region, the time, the memory and the environment', () => {
    const bad = {
      region: 'eu-west-1',
      timeout: 6,
      memorySize: 256,
      environment: { variables: { A: '1' } },
      vpcConfig: { subnetIds: ['subnet-1'] },
    };
    expect(said(edgeLambdasFit, lambda({ ...good, ...bad }), runsOn('viewer-response'))).to.deep.equal({
      result: 'violating',
      found: [
        'it is in eu-west-1',
        'it may run for 6 s, of 5 on viewer events',
        'it has 256 MB, of 128 on viewer events',
        'it has an environment',
        'it is in a VPC',
      ],
    });
  });
  it('lets it run longer towards the origin, where it runs nowhere else', () => {
    const slow = { ...good, timeout: 30, memorySize: 512 };
    expect(said(edgeLambdasFit, lambda(slow), runsOn('origin-request')).result).to.equal('compliant');
    expect(said(edgeLambdasFit, lambda({ ...slow, timeout: 31 }), runsOn('origin-request'))).to.deep.equal({
      result: 'violating',
      found: ['it may run for 31 s, of 30 on origin events'],
    });
    const both = runsOn('origin-request', 'viewer-request');
    expect(said(edgeLambdasFit, lambda(slow), both).result).to.equal('violating');
  });
  it('has nothing to say of other functions', () => {
    expect(said(edgeLambdasFit, lambda({ qualifiedArn: 'other' }), runsOn('viewer-request'))).to.deep.equal({
      result: 'not applicable',
      reason: 'CloudFront does not run it',
    });
  });
  it('goes by where the ARN comes from, while it is not known', () => {
    const cdn = distribution(
      [
        behaviour('/api/*', {
          lambdaFunctionAssociations: [{ eventType: 'viewer-request', lambdaArn: UNKNOWN }],
        }),
      ],
      ['lambda'],
    );
    const slow = lambda({ region: 'us-east-1', timeout: 60, qualifiedArn: UNKNOWN });
    expect(said(edgeLambdasFit, slow, cdn).result).to.equal('violating');
  });
});

describe('path patterns', () => {
  it('cover what they match of another in whole, and nothing else', () => {
    expect(covers('*', '/live/*.m3u8')).to.equal(true);
    expect(covers('live/*', '/live/*/index.m3u8')).to.equal(true);
    expect(covers('/live/*.m3u8', '/live/*')).to.equal(false);
    expect(covers('/a?.ts', '/ab.ts')).to.equal(true);
    expect(covers('/a?.ts', '/a*.ts')).to.equal(false);
    expect(covers('/a.ts', '/abts')).to.equal(false);
    expect(covers('/live/*.m3u8', '/live/a.m3u8x')).to.equal(false);
  });
  it('are compared in the order of behaviours alone', () => {
    const cdn = distribution(
      [behaviour('/live/*.m3u8', {}), behaviour('/live/*', {}), behaviour('/*', {})],
      [],
    );
    expect(said(noBehaviourIsShadowed, cdn)).to.deep.equal({ result: 'compliant' });
  });
});
