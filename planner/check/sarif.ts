/** A report as SARIF 2.1.0, which code scanning of GitHub and others read. */
import { ALL_RULES } from '../../policies/rules';
import type { PolicyReport } from './check';

/** Scores that GitHub sorts by: its own bounds of low, medium, high and critical. */
const SCORES: Readonly<Record<string, string>> = { low: '3.0', medium: '6.0', high: '8.0', critical: '9.5' };

/** @param folder of the program, relative to the repository, so that places are found in it; `.` where it is the root */
export function toSarif(
  report: PolicyReport,
  { version, folder = '.' }: { version: string; folder?: string },
): object {
  const uriOf = (file: string): string =>
    encodeURI((folder === '.' ? file : `${folder.replace(/\/$/, '')}/${file}`).replaceAll('\\', '/'));
  const indexes = new Map(ALL_RULES.map(({ id }, index) => [id, index]));
  const result = (
    each: { rule: string; urn: string; found: string; position: { file: string; line: number } | null },
    level: 'error' | 'warning',
    more: object = {},
  ) => ({
    ruleId: each.rule,
    ruleIndex: indexes.get(each.rule),
    level,
    message: { text: `${each.found} (${each.urn.split('::').at(-1)})` },
    locations: [
      {
        // A result without a place is not shown; what no line of the program made is shown at its start.
        physicalLocation: {
          artifactLocation: { uri: uriOf(each.position?.file ?? 'Pulumi.yaml') },
          region: { startLine: each.position?.line ?? 1 },
        },
        logicalLocations: [{ fullyQualifiedName: each.urn, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'ruleAndUrn/v1': `${each.rule} ${each.urn} ${each.found}` },
    ...more,
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'aws-media policy',
            semanticVersion: version,
            rules: ALL_RULES.map(({ id, title, why, fix, severity, family, controls }) => ({
              id,
              shortDescription: { text: `${title}.` },
              fullDescription: { text: why },
              help: { text: fix },
              properties: { tags: [family, ...controls], 'security-severity': SCORES[severity] },
            })),
          },
        },
        results: [
          ...report.findings.map((each) => result(each, each.level === 'mandatory' ? 'error' : 'warning')),
          ...report.exempt.map((each) =>
            result(each, 'warning', {
              suppressions: [{ kind: 'external', status: 'accepted', justification: each.reason }],
            }),
          ),
        ],
      },
    ],
  };
}
