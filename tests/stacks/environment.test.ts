import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { ConfigurationError } from '../../stacks/configuration-error';
import { readSettings, type StackSettings } from '../../stacks/environment';
import { SETTINGS } from '../../stacks/settings';

const yaml = createRequire(__filename)('js-yaml') as { load(text: string): unknown };

const read = (values: Record<string, unknown>, stack = 'dev'): StackSettings =>
  readSettings(
    {
      name: 'aws-media',
      get: (key) => {
        const value = values[key];
        return value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
      },
    },
    stack,
  );

const STORE_ARN = 'arn:aws:cloudfront::123456789012:key-value-store/0b1c2d3e';

/** Who may watch has no default. */
const PUBLIC = { publicChannels: true };

function refused(values: Record<string, unknown>, stack?: string): string[] {
  try {
    read(values, stack);
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigurationError);
    return (error as Error).message.split('\n').filter((line) => line.startsWith('  '));
  }
  throw new Error('nothing was refused');
}

describe('the configuration of a stack', () => {
  it('is declared in Pulumi.yaml by the same keys, types, defaults and descriptions', () => {
    const { config } = yaml.load(readFileSync('Pulumi.yaml', 'utf8')) as { config: Record<string, object> };
    const { 'aws:region': region, ...declared } = config;
    expect(region).to.equal('us-east-1');
    expect(declared).to.deep.equal(
      Object.fromEntries(
        Object.entries(SETTINGS).map(([key, { type, default: value, description }]) => [
          key,
          { type, ...(type === 'array' ? { items: { type: 'string' } } : {}), default: value, description },
        ]),
      ),
    );
  });

  it('has defaults that it accepts itself', () => {
    const settings = read(PUBLIC);
    expect(settings.environment).to.equal('dev');
    expect(settings.encoderImage).to.equal(undefined);
    expect(settings.channels).to.deep.equal({
      test: { ladder: 'h264-1080p', source: 'test', healthPort: 9464 },
    });
  });

  it('takes the environment from the stack’s name, or from the configuration where that has one', () => {
    expect(read(PUBLIC, 'prod').environment).to.equal('prod');
    expect(read({ ...PUBLIC, environment: 'staging' }, 'anna').environment).to.equal('staging');
    expect(refused(PUBLIC, 'anna')).to.deep.equal([
      '  aws-media:environment is not set, and the stack\'s name, "anna", is none; allowed: local, dev, staging, prod',
    ]);
  });

  it('is refused with every wrong value, by its key, at once', () => {
    expect(
      refused({
        zones: { 'us-east-1a': {} },
        channels: {
          News: { ladder: 'h264-1080p' },
          sport: { ladder: 'h264-1080p', port: 70_000, colour: 'red' },
        },
        sources: { studio: '203.0.113.7' },
        viewers: 'many',
        http3: 'yes',
        encoderImage: 'an image',
        signingKeys: { first: '-----BEGIN PRIVATE KEY-----' },
        domain: { name: 'live.example.com' },
      }),
    ).to.deep.equal([
      '  aws-media:zones.us-east-1a is {}; allowed: the id of an Availability Zone, as use1-az4 (not its name, as us-east-1a)',
      '  aws-media:channels.News is {"ladder":"h264-1080p"}; allowed: a name of a channel: 1 to 63 of a-z, 0-9 and inner hyphens',
      '  aws-media:channels.sport.port is 70000; allowed: a whole number from 1 to 65535',
      '  aws-media:channels.sport.colour is "red"; allowed: no such property',
      '  aws-media:sources.studio is "203.0.113.7"; allowed: a range of IPv4 addresses, as 203.0.113.7/32',
      '  aws-media:encoderImage is "an image"; allowed: an image with its digest, as <repository>@sha256:...',
      '  aws-media:viewers is "many"; allowed: a whole number from 1 to 100000000',
      '  aws-media:http3 is "yes"; allowed: true or false',
      '  aws-media:signingKeys.first is not shown; allowed: a public key in PEM',
      '  aws-media:domain is {"name":"live.example.com"}; allowed: both name and zoneId, with certificateArn or without; or nothing',
    ]);
  });

  it('says who may watch: nobody by leaving it out, and not in two ways', () => {
    expect(refused({})).to.deep.equal([
      '  aws-media:signingKeys is empty, so nobody could watch; allowed: a public key by a name (docs/sign.md), ' +
        'edge.token, or publicChannels true, where anybody may watch',
    ]);
    const signingKeys = { '2026-11': '-----BEGIN PUBLIC KEY-----' };
    const edge = { token: {}, keyValueStoreArn: STORE_ARN };
    expect(refused({ ...PUBLIC, signingKeys, edge })).to.deep.equal([
      '  aws-media:publicChannels is true, and signingKeys has 2026-11; allowed: keys, or channels for anybody to watch',
      '  aws-media:publicChannels is true, and edge.token asks for a token; allowed: one of the two',
    ]);
    expect(refused({ edge, channels: { news: { ladder: 'tiny', port: 9000, public: true } } })).to.deep.equal(
      [
        '  aws-media:channels.news.public is true, and edge.token asks of every channel; allowed: one of the two',
      ],
    );
    expect(read({ signingKeys }).signingKeys).to.deep.equal(signingKeys);
    expect(read({ edge }).edge).to.deep.equal(edge);
  });

  it('names of the functions at the edge each property that is wrong, in their own words', () => {
    expect(
      refused({
        ...PUBLIC,
        edge: {
          directives: 'yes',
          country: { block: ['IR'], blok: [], status: 404, whenUnknown: 'ask' },
          keyValueStoreArn: 'arn:aws:s3:::store',
        },
      }),
    ).to.deep.equal([
      '  aws-media:edge.directives is "yes"; allowed: true or false',
      '  aws-media:edge.country.whenUnknown is "ask"; allowed: allow or deny',
      '  aws-media:edge.country.status is 404; allowed: 403 or 451',
      '  aws-media:edge.country.blok is []; allowed: no such property',
      '  aws-media:edge.keyValueStoreArn is "arn:aws:s3:::store"; allowed: the ARN of a key value store of CloudFront',
    ]);
    expect(
      refused({ edge: { country: { block: ['uk'], allow: [] }, token: { name: 'a b' } } }),
    ).to.deep.equal([
      '  aws-media:edge.country is {"block":["uk"],"allow":[]}; allowed: exactly one of block, allow and fromKey; ' +
        'to correct it: say which countries in one way',
      '  aws-media:edge.country.block[0] is "uk"; allowed: ISO 3166-1 alpha-2; ' +
        'to correct it: take the code of two capital letters (GB, not UK)',
      '  aws-media:edge.country.allow is []; allowed: one code and more; ' +
        'to correct it: name a country or leave the step out',
      '  aws-media:edge.token.name is "a b"; allowed: 1 to 64 letters, digits, dashes and underscores; ' +
        'to correct it: take another name',
      '  aws-media:edge.keyValueStoreArn is not set; allowed: the ARN of the key value store that token and country.fromKey read',
    ]);
  });

  it('refuses functions that are together longer than CloudFront takes', () => {
    const [problem, ...others] = refused({
      edge: {
        country: { block: ['IR'], message: 'x'.repeat(2000) },
        token: {},
        keyValueStoreArn: STORE_ARN,
      },
    });
    expect(others).to.deep.equal([]);
    expect(problem).to.match(
      /^ {2}aws-media:edge is .*; allowed: 10240 bytes; to correct it: shorten the lists/,
    );
  });
});
