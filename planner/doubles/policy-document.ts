import { isFields } from '../graph/values';
import type { Fields } from '../graph/values';
import type { InvokeDouble } from './types';

interface Statement {
  readonly [key: string]: unknown;
  readonly Sid?: string;
}

interface Document {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement?: Statement | readonly Statement[];
}

/**
 * aws.iam.getPolicyDocument as the provider renders it: one value as a string, several as a list in reverse order
 * (terraform-provider-aws, internal/service/iam/policy_model.go).
 */
export const policyDocument: InvokeDouble = (args) => {
  let statements: Statement[] = [];
  const sources = parsed(args, 'sourcePolicyDocuments');
  for (const source of sources) {
    for (const each of listed(source.Statement)) {
      if (each.Sid && statements.some(({ Sid }) => Sid === each.Sid)) {
        throw new Error(
          `sourcePolicyDocuments: two statements have the Sid "${each.Sid}"; give each its own`,
        );
      }
      statements.push(each);
    }
  }
  statements = merged(statements, fields(args['statements']).map(rendered));
  const overrides = parsed(args, 'overridePolicyDocuments');
  for (const each of overrides) statements = merged(statements, listed(each.Statement));
  const last = [...sources, ...overrides].findLast(({ Id }) => Id !== undefined);
  const id = typeof args['policyId'] === 'string' ? args['policyId'] : last?.Id;
  const version = typeof args['version'] === 'string' ? args['version'] : '2012-10-17';
  const document = { Version: version, ...(id !== undefined && { Id: id }), Statement: statements };
  const json = JSON.stringify(document, null, 2);
  return { ...args, id: 'policy-document', json, minifiedJson: JSON.stringify(document) };
};

function rendered(statement: Fields): Statement {
  const sid = statement['sid'];
  const principals = principalsOf(statement['principals']);
  const others = principalsOf(statement['notPrincipals']);
  const conditions = conditionsOf(statement['conditions']);
  return {
    ...(typeof sid === 'string' && sid !== '' && { Sid: sid }),
    Effect: statement['effect'] ?? 'Allow',
    ...several('Action', statement['actions']),
    ...several('NotAction', statement['notActions']),
    ...several('Resource', statement['resources']),
    ...several('NotResource', statement['notResources']),
    ...(principals !== undefined && { Principal: principals }),
    ...(others !== undefined && { NotPrincipal: others }),
    ...(conditions !== undefined && { Condition: conditions }),
  };
}

function several(key: string, value: unknown): { [key: string]: unknown } {
  return Array.isArray(value) && value.length > 0 ? { [key]: oneOrMany(value) } : {};
}

function oneOrMany(list: readonly unknown[]): unknown {
  return list.length === 1 ? list[0] : list.map(String).sort().reverse();
}

function principalsOf(value: unknown): unknown {
  const list = fields(value);
  if (list.length === 0) return undefined;
  const byType: { [type: string]: unknown[] } = {};
  for (const { type, identifiers } of list) {
    (byType[String(type)] ??= []).push(...(Array.isArray(identifiers) ? (identifiers as unknown[]) : []));
  }
  const anyone = byType['*'];
  if (list.length === 1 && anyone?.length === 1 && anyone[0] === '*') return '*';
  return Object.fromEntries(Object.entries(byType).map(([type, ids]) => [type, oneOrMany(ids)]));
}

function conditionsOf(value: unknown): unknown {
  const list = fields(value);
  if (list.length === 0) return undefined;
  const byTest: { [test: string]: { [variable: string]: unknown } } = {};
  for (const { test, variable, values } of list) {
    const given = Array.isArray(values) ? (values as unknown[]) : [];
    (byTest[String(test)] ??= {})[String(variable)] = given.length === 1 ? given[0] : given;
  }
  return byTest;
}

/** A statement replaces one that has its Sid; without a Sid, it is added. */
function merged(statements: readonly Statement[], added: readonly Statement[]): Statement[] {
  const result = [...statements];
  for (const each of added) {
    const at = each.Sid ? result.findIndex(({ Sid }) => Sid === each.Sid) : -1;
    if (at < 0) result.push(each);
    else result[at] = each;
  }
  return result;
}

function parsed(args: Fields, name: string): Document[] {
  const list = args[name];
  if (!Array.isArray(list)) return [];
  return list
    .filter((source) => source !== '')
    .map((source, n) => {
      try {
        return JSON.parse(String(source)) as Document;
      } catch {
        throw new Error(`${name}[${n}] is not JSON; give a policy document, such as another document's json`);
      }
    });
}

function listed(statement: Document['Statement']): readonly Statement[] {
  if (statement === undefined) return [];
  return Array.isArray(statement) ? (statement as readonly Statement[]) : [statement as Statement];
}

function fields(value: unknown): Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}
