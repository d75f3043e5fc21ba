import {
  called,
  compliant,
  notApplicable,
  resourceRule,
  statements,
  violating,
  type Statement,
} from '../../core';

const GITHUB = 'token.actions.githubusercontent.com';
const OPERATORS = ['stringequals', 'stringlike', 'stringequalsignorecase'];

/** What the subject may be, under operators that hold only where there is a subject. */
const subjects = ({ conditions }: Statement): readonly string[] =>
  OPERATORS.flatMap((operator) => conditions[operator]?.[`${GITHUB}:sub`] ?? []);

/** `repo:owner/name:…` with an owner and a name that are spelled out. */
const isOfARepository = (subject: string): boolean => /^repo:[^*?/]+\/[^*?/:]+(:|$)/.test(subject);

export const githubTrustNamesTheRepository = resourceRule({
  id: 'github-trust-names-the-repository',
  family: 'identity',
  title: 'A role for GitHub Actions names the repository that may take it',
  severity: 'critical',
  controls: [],
  why: 'The audience is the same for all of GitHub: without a subject any workflow of anybody takes the role.',
  fix: `\`Condition: { StringEquals: { '${GITHUB}:aud': 'sts.amazonaws.com' }, StringLike: { '${GITHUB}:sub': 'repo:<owner>/<name>:environment:production' } }\``,
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:iam/role:Role'],
  check: (role) => {
    const trust = (statements(role, 'assumeRolePolicy') ?? []).flatMap((statement, index) =>
      statement.effect === 'Allow' &&
      (statement.principals['Federated'] ?? []).some((provider) => provider.endsWith(GITHUB))
        ? [{ statement, name: called(statement, index) }]
        : [],
    );
    if (trust.length === 0) return notApplicable('GitHub does not take it');
    const open = trust.filter(({ statement }) => {
      const all = subjects(statement);
      return all.length === 0 || !all.every(isOfARepository);
    });
    return open.length === 0
      ? compliant
      : violating(...open.map(({ name }) => `${name} of its trust names no repository`));
  },
});
