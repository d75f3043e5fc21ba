import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import {
  ENCODER_ENVIRONMENT,
  ORIGIN_ENVIRONMENT,
  STORAGE_CLASSES,
  type VariableSpec,
} from '../../encoder/contract';
import { parseEnvironment } from '../../encoder/environment';

describe('docs/runtime.md', () => {
  it('names every environment variable with its default, and no other', async () => {
    const page = await readFile('docs/runtime.md', 'utf8');
    const known = { ...ENCODER_ENVIRONMENT, ...ORIGIN_ENVIRONMENT };
    const named = new Set(
      [...page.matchAll(/`([A-Z][A-Z0-9]*_[A-Z_]+|[A-Z]{2,})`/g)].map((match) => match[1]!),
    );
    // Values of S3's that are written as variables are.
    for (const value of STORAGE_CLASSES) named.delete(value);
    expect([...named].sort()).to.deep.equal(Object.keys(known).sort());
    for (const [name, { default: value }] of Object.entries<VariableSpec>(ENCODER_ENVIRONMENT)) {
      const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${name}\``));
      expect(row, name).to.include(value === undefined ? 'required' : value);
    }
  });
});

describe('the environment of a process', () => {
  const refusal = (environment: Record<string, string>): string => {
    try {
      parseEnvironment(ENCODER_ENVIRONMENT, environment);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  it('is refused with one error that names every bad variable, its value and what is allowed', () => {
    const message = refusal({
      CHANNEL: 'No Caps',
      STORE: 'file:relative',
      FRAME_RATE: '31',
      METRICS_PORT: '70000',
      LADDER: '',
    });
    expect(message).to.match(/^5 bad environment variable\(s\):/);
    for (const text of [
      'CHANNEL is "No Caps"; allowed: 1 to 63 of a-z, 0-9 and inner hyphens',
      'STORE is "file:relative"; allowed: file:<absolute folder>',
      'FRAME_RATE is "31"; allowed: 23.976, 24, 25',
      'METRICS_PORT is "70000"; allowed is a whole number from 0 to 65535',
      'LADDER is ""; allowed: tiny, ',
    ]) {
      expect(message).to.include(text);
    }
  });

  it('names what is missing', () => {
    expect(refusal({})).to.include('CHANNEL is not set; it is required').and.to.include('STORE is not set');
  });

  it('fills in the defaults', () => {
    expect(parseEnvironment(ENCODER_ENVIRONMENT, { CHANNEL: 'a', STORE: 'file:/x' })).to.include({
      SOURCE: 'test',
      PROFILE: 'balanced',
      FRAME_RATE: '30',
      WINDOW_SECONDS: 60,
      METRICS_PORT: 9464,
    });
  });
});
