import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { ConfigurationError, readSettings, type StackSettings } from '../../stacks/environment';
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
    const settings = read({});
    expect(settings.environment).to.equal('dev');
    expect(settings.encoderImage).to.equal(undefined);
    expect(settings.channels).to.deep.equal({
      test: { ladder: 'h264-1080p', source: 'test', healthPort: 9464 },
    });
  });

  it('takes the environment from the stack’s name, or from the configuration where that has one', () => {
    expect(read({}, 'prod').environment).to.equal('prod');
    expect(read({ environment: 'staging' }, 'anna').environment).to.equal('staging');
    expect(refused({}, 'anna')).to.deep.equal([
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
});
