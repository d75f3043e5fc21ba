/** What a stand-in for AWS says to a resource whose document AWS would not take, or would take for nothing. */
import { partitionOf } from '../../planner/doubles';
import { WIRE, strings } from '../../planner/graph/values';
import { checkInputs } from './inputs';

/** By kind of document, the error that AWS gives. */
const ERRORS: readonly (readonly [type: RegExp, error: string])[] = [
  [/^aws:(?:iam|kms|s3)\//, 'MalformedPolicyDocument'],
  [/^aws:ecs\//, 'ClientException'],
  [/^aws:ec2\//, 'InvalidParameterValue'],
  [/^aws:cloudwatch\/dashboard/, 'InvalidParameterInput'],
  [/^aws:cloudwatch\/event/, 'InvalidEventPatternException'],
  [/^aws:sfn\//, 'InvalidDefinition'],
];

/**
 * Looks into the documents of a resource before it is made.
 * @param inputs revealed; a document that holds an unknown value is left out
 * @throws Error with every problem: the URN, the input, and the path in its document
 */
export function refuseDocuments(
  urn: string,
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  region: string,
): void {
  const place = { partition: partitionOf(region) };
  const { problems } = checkInputs(type, inputs, place, (value) =>
    [...strings(value)].some(({ text }) => text.includes(WIRE.unknown)) ? 'it is not known yet' : undefined,
  );
  if (problems.length === 0) return;
  const error = ERRORS.find(([pattern]) => pattern.test(type))?.[1] ?? 'InvalidParameterException';
  const lines = problems.map(({ property, path, verdict, value, problem, allowed, fix }) => {
    const given = value === undefined ? '' : ` = ${JSON.stringify(value)}`;
    const says = verdict === 'refused' ? error : 'AWS takes it, to no effect';
    const where = path === '' ? property : `${property}: ${path}`;
    return `${urn}: ${where}${given}: ${says}: ${problem}; allowed: ${allowed}; ${fix}`;
  });
  throw new Error(lines.join('\n'));
}
