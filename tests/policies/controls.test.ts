import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { mediaPolicies } from '../../policies/index';
import { ALL_RULES } from '../../policies/rules';

interface Published {
  readonly sources: Readonly<Record<string, { readonly name: string; readonly url: string }>>;
  readonly controls: Readonly<Record<string, string>>;
}

describe('the controls of others that rules name', () => {
  const published = JSON.parse(readFileSync('tests/fixtures/policies/controls.json', 'utf8')) as Published;
  const named = [...new Set(ALL_RULES.flatMap(({ controls }) => controls))];

  it('are each in the list of controls with the title that its source has', () => {
    const unknown = ALL_RULES.flatMap(({ id, controls }) =>
      controls
        .filter((control) => (published.controls[control] ?? '') === '')
        .map((control) => `${id}: ${control}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('are all that the list has: no control is left over', () => {
    expect(Object.keys(published.controls).filter((control) => !named.includes(control))).to.deep.equal([]);
  });

  it('are each of a framework with a source, so that CIS is quoted in one version alone', () => {
    const frameworks = new Set(named.map((control) => control.slice(0, control.lastIndexOf(' '))));
    expect([...frameworks].sort()).to.deep.equal(Object.keys(published.sources).sort());
    expect([...frameworks].filter((framework) => framework.startsWith('CIS'))).to.have.lengthOf(1);
  });

  it('are named once by a rule', () => {
    const twice = ALL_RULES.filter(({ controls }) => new Set(controls).size < controls.length);
    expect(twice.map(({ id }) => id)).to.deep.equal([]);
  });

  it('reach Pulumi as a framework and a reference that make the control again', () => {
    const policies = new Map(mediaPolicies().map((policy) => [policy.name, policy]));
    for (const { id, controls } of ALL_RULES) {
      const { framework } = policies.get(id)!;
      expect(framework && `${framework.name} ${framework.reference}`, id).to.equal(controls[0]);
    }
  });
});
