import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import { InputProblems, rule } from '../../../components/kit';
import { rejection } from '../../support/rejection';
import { known } from '../known';

const positive = rule((value) => typeof value === 'number' && value > 0, 'numbers above 0', 'raise it');

const thrownBy = (run: () => void): InstanceType<typeof pulumi.InputPropertiesError> => {
  try {
    run();
  } catch (error) {
    if (error instanceof pulumi.InputPropertiesError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('bad arguments', () => {
  it('are reported all at once, each with path, value, what is allowed and what to do', () => {
    const problems = new InputProblems('Thing "a"');
    problems.judge('length', 0, positive);
    problems.judge('width', 2, positive);
    problems.checkNames('', { length: 0, widht: 2 }, ['length', 'width']);
    const error = thrownBy(() => problems.throwIfAny());
    const length = 'is 0; allowed: numbers above 0; to correct it: raise it';
    const widht = 'is 2 (there is no such property); allowed: length, width; to correct it: write width';
    expect(error.errors).to.deep.equal([
      { propertyPath: 'length', reason: length },
      { propertyPath: 'widht', reason: widht },
    ]);
    expect(error.message).to.equal(`Thing "a" has 2 bad arguments:\n  length ${length}\n  widht ${widht}`);
  });

  it('are no error where there are none', () => {
    const problems = new InputProblems('Thing "a"');
    expect(problems.check('length', 1, positive)).to.equal(1);
    expect(() => problems.throwIfAny()).not.to.throw();
  });

  it('are shown at most 80 characters long, and functions and absent values by name', () => {
    const problems = new InputProblems('Thing "a"');
    for (const value of ['x'.repeat(100), undefined, () => 1] as const) problems.judge('p', value, positive);
    const values = thrownBy(() => problems.throwIfAny()).errors.map(({ reason }) => reason.split(';')[0]);
    expect(values).to.deep.equal([`is "${'x'.repeat(79)}...`, 'is absent', 'is a function']);
  });

  it('that are known later are refused inside apply, in the same words', async () => {
    const later = pulumi.output(Promise.resolve(0));
    const checked = new InputProblems('Thing "a"').check('length', later, positive) as pulumi.Output<number>;
    const error = await rejection(known(checked));
    expect(error).to.be.instanceOf(pulumi.InputPropertiesError);
    expect((error as Error).message).to.equal(
      'Thing "a" has a bad argument:\n  length is 0; allowed: numbers above 0; to correct it: raise it',
    );
  });

  it('that are known later and good are passed on', async () => {
    const later = pulumi.output(Promise.resolve(7));
    const checked = new InputProblems('Thing "a"').check('length', later, positive) as pulumi.Output<number>;
    expect(await known(checked)).to.equal(7);
  });

  it('that are secret are not shown', async () => {
    const checked = new InputProblems('Thing "a"').check(
      'length',
      pulumi.secret(-42),
      positive,
    ) as pulumi.Output<number>;
    const { message } = (await rejection(known(checked))) as Error;
    expect(message).to.include('length is a secret; allowed').and.not.to.include('42');
  });
});
