import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { InputProblems, checkTags, tagsFor, transformed } from '../../../components/kit';

const refused = (tags: unknown): string[] => {
  const problems = new InputProblems('Thing "a"');
  checkTags(problems, tags);
  try {
    problems.throwIfAny();
  } catch (error) {
    return (error as InstanceType<typeof pulumi.InputPropertiesError>).errors.map(
      ({ propertyPath }) => propertyPath,
    );
  }
  return [];
};

describe('tags', () => {
  it('name the resource and its component, and the user has the last word', () => {
    expect(tagsFor('Thing', 'a', { team: 'video', Name: 'mine' })).to.deep.equal({
      Name: 'mine',
      'aws-media:component': 'Thing',
      team: 'video',
    });
  });

  it('are refused where AWS would refuse them', () => {
    expect(refused({ 'aws:x': 'a' })).to.deep.equal(['tags["aws:x"]']);
    expect(refused({ '': 'a', [`${'k'.repeat(129)}`]: 'a', 'k!': 'a' })).to.have.length(3);
    expect(refused({ k: 'v'.repeat(257) })).to.deep.equal(['tags["k"]']);
    expect(refused({ k: 1 })).to.deep.equal(['tags["k"]']);
    expect(refused(['a'])).to.deep.equal(['tags']);
    expect(refused(null)).to.deep.equal(['tags']);
    expect(refused(pulumi.output({ k: 'v' }))).to.deep.equal(['tags']);
    expect(refused(Object.fromEntries(Array.from({ length: 48 }, (_, i) => [`k${i}`, ''])))).to.deep.equal([
      'tags',
    ]);
  });

  it('are taken at the limits', () => {
    expect(refused({ ['k'.repeat(128)]: 'v'.repeat(256), 'Grüße +-=._:/@': '' })).to.deep.equal([]);
    expect(refused(Object.fromEntries(Array.from({ length: 47 }, (_, i) => [`k${i}`, ''])))).to.deep.equal(
      [],
    );
    expect(refused(undefined)).to.deep.equal([]);
  });
});

describe('transforms', () => {
  const args = { size: 1, color: 'red' };

  it('set properties', () => {
    expect(transformed({ size: 2 }, 'child', args, {})).to.deep.equal([
      'child',
      { size: 2, color: 'red' },
      {},
    ]);
  });

  it('change arguments and options in place, and leave the originals alone', () => {
    const opts = { protect: true };
    const child = transformed<typeof args>(
      (given, options, name) => {
        given.color = name;
        options.protect = false;
      },
      'child',
      args,
      opts,
    );
    expect(child).to.deep.equal(['child', { size: 1, color: 'child' }, { protect: false }]);
    expect([args, opts]).to.deep.equal([{ size: 1, color: 'red' }, { protect: true }]);
  });

  it('change nothing where there is none', () => {
    expect(transformed(undefined, 'child', args, {})).to.deep.equal(['child', args, {}]);
  });
});
