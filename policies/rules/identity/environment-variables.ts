/** Environment variables of containers, functions and builds, and which of them look like secrets. */
import {
  SECRET,
  UNKNOWN,
  Undecided,
  blocks,
  document,
  isValues,
  itemsOf,
  peek,
  text,
  type Resource,
  type Value,
  type Values,
} from '../../core';

export interface Variable {
  readonly name: string;
  readonly value: Value;
}

const pairs = (list: readonly Values[]): readonly Variable[] =>
  list.flatMap((each) => {
    const name = text(each, 'name');
    return name === undefined ? [] : [{ name, value: each['value'] }];
  });

const containers = (resource: Resource): readonly Variable[] =>
  itemsOf(document(resource, 'containerDefinitions') as Value)
    .filter(isValues)
    .flatMap((container) => pairs(blocks(container, 'environment')));

function functions(resource: Resource): readonly Variable[] {
  const variables = peek(resource, 'environment.variables');
  if (variables === UNKNOWN) throw new Undecided('environment.variables');
  return isValues(variables) ? Object.entries(variables).map(([name, value]) => ({ name, value })) : [];
}

/** A build's variables of other types are fetched from where they are kept. */
const builds = (resource: Resource): readonly Variable[] =>
  blocks(resource, 'environment')
    .flatMap((environment) => blocks(environment, 'environmentVariables'))
    .filter((each) => (text(each, 'type') ?? 'PLAINTEXT') === 'PLAINTEXT')
    .flatMap((each) => pairs([each]));

/** Types with variables that anybody reads who may describe them. */
export const VARIABLES: Readonly<Record<string, (resource: Resource) => readonly Variable[]>> = {
  'aws:codebuild/project:Project': builds,
  'aws:ecs/taskDefinition:TaskDefinition': containers,
  'aws:lambda/function:Function': functions,
};

const SECRET_NAME =
  /(^|_)(PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|TOKEN|APIKEY|API_KEY|ACCESS_KEY|PRIVATE_KEY|SIGNING_KEY|CREDENTIALS?)S?(_\d+)?$/;
const WHERE_IT_IS = /^(arn:|ssm:|\/[\w/.-]+$|https?:\/\/[^@]*$|\{\{resolve:)/;
const SECRET_VALUE =
  /\bA(KIA|SIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abpr]-|:\/\/[^/\s:@]+:[^/\s:@]+@/;

const inCapitals = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[-.]/g, '_')
    .toUpperCase();

/** Whether a variable holds a secret; undefined where its value must be known to tell. */
export function isSecret({ name, value }: Variable): boolean | undefined {
  if (value === SECRET) return true;
  const named = SECRET_NAME.test(inCapitals(name));
  if (value === UNKNOWN) return named ? undefined : false;
  if (typeof value !== 'string' || value === '') return false;
  return (
    SECRET_VALUE.test(value) || (named && !WHERE_IT_IS.test(value) && !/^(true|false|\d{1,6})$/.test(value))
  );
}
