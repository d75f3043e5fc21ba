import * as pulumi from '@pulumi/pulumi';
import { expect } from 'chai';
import {
  InputProblems,
  checkPolicyLength,
  flag,
  grantId,
  isObject,
  isPlain,
  matching,
  oneOf,
  optional,
  roleName,
} from '../../../components/kit';

/** Paths and reasons of what was found. */
function found(judge: (problems: InputProblems) => unknown): string[] {
  const problems = new InputProblems('Thing "x"');
  judge(problems);
  try {
    problems.throwIfAny();
  } catch (error) {
    const { errors } = error as { errors: { propertyPath: string; reason: string }[] };
    return errors.map(({ propertyPath, reason }) => `${propertyPath} ${reason}`);
  }
  return [];
}

describe('the rules that components share', () => {
  it('take texts of a form, and nothing but texts', () => {
    const isLetters = matching(/^[a-z]+$/);
    expect([isLetters('abc'), isLetters('ABC'), isLetters(undefined), isLetters(['abc'])]).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
  });

  it('say what is allowed of flags and choices', () => {
    const problems = (value: unknown) =>
      found((at) => {
        at.judge('a', value, flag);
        at.judge('b', value, oneOf(['one', 'two']));
      });
    expect(problems(true)).to.deep.equal(['b is true; allowed: one, two; to correct it: choose one']);
    expect(problems('two')).to.deep.equal([
      'a is "two"; allowed: true, false; to correct it: write true or false',
    ]);
  });

  it('take as an object what is known now and is no list', () => {
    const others = [null, undefined, 'text', [], pulumi.output({}), Promise.resolve({})];
    expect(others.filter((value) => isPlain(value))).to.deep.equal([]);
    expect(found((at) => expect(isObject(at, 'a', {}, '{}')).to.equal(true))).to.deep.equal([]);
    expect(found((at) => expect(isObject(at, 'a', [], '{ b: 1 }')).to.equal(false))).to.deep.equal([
      'a is []; allowed: an object; to correct it: write { b: 1 }',
    ]);
  });

  it('leave out what is absent, and judge what is there', () => {
    const word = oneOf(['one']);
    expect(found((at) => expect(optional(at, 'a', undefined, word)).to.equal(undefined))).to.deep.equal([]);
    expect(found((at) => optional(at, 'a', 'two', word))).to.have.length(1);
  });

  it('ask the same of every grant', () => {
    expect([grantId('live-news_1.2'), roleName('a+b=c,d.e@f-g')]).to.deep.equal([undefined, undefined]);
    for (const id of ['', '-a', 'a b', 'a'.repeat(65)]) expect(grantId(id), id).to.not.equal(undefined);
    for (const role of ['', 'a/b', 'arn:aws:iam::1:role/a', 'a'.repeat(65)]) {
      expect(roleName(role)?.fix, role).to.equal('give its name, not its ARN');
    }
  });

  it('refuse a policy that IAM would refuse for its length, with what made it long', () => {
    const policy = (characters: number) => ({ a: 'x'.repeat(characters - 8) });
    const fits = policy(10_240);
    expect(JSON.stringify(fits)).to.have.length(10_240);
    expect(checkPolicyLength('a grant', fits, ['news'], 'share them out')).to.equal(fits);
    expect(() => checkPolicyLength('a grant', policy(10_241), ['news'], 'share them out')).to.throw(
      'channels is ["news"] (a policy of 10241 characters); allowed: at most 10240, ' +
        "which is IAM's limit of all inline policies of a role; to correct it: share them out",
    );
  });
});
