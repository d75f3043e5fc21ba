import { GRAPH_VERSION } from './types';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const texts = { type: 'array', items: text } as const;
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const list = (items: object) => ({ type: 'array', items });
const map = (values: object) => ({ type: 'object', additionalProperties: values });
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
/** All properties are required, unless they are among `optional`; others are refused. */
const object = (properties: { [name: string]: object }, optional: { [name: string]: object } = {}) => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});

/** The JSON schema (draft 7) of a recorded graph. */
export const GRAPH_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Recorded graph of a Pulumi stack',
  ...object({
    version: { const: GRAPH_VERSION },
    recorder: { enum: ['program', 'component'] },
    project: text,
    stack: text,
    resources: list(ref('resource')),
    providers: list(ref('provider')),
    invokes: list(ref('invoke')),
    calls: list(ref('invoke')),
    reads: texts,
    outputs: map(ref('value')),
    logs: list(
      object({ severity: { enum: ['info', 'warning', 'error'] }, message: text, urn: orNull(text) }),
    ),
    unanswered: list(ref('unanswered')),
    doubles: list(
      object({
        ...{ type: text, package: text, version: text, asked: orNull(text) },
        ...{ repository: text, revision: text, source: text, leavesOut: texts },
      }),
    ),
    notModelled: map({ type: 'integer', minimum: 1 }),
    leaks: list(object({ where: text })),
  }),
  definitions: {
    value: {
      anyOf: [
        { type: ['null', 'boolean', 'number', 'string'] },
        list(ref('value')),
        ref('mark'),
        // What has exactly one key, and that of a mark, is a mark and nothing else.
        {
          ...map(ref('value')),
          not: { maxProperties: 1, anyOf: markNames().map((name) => ({ required: [name] })) },
        },
      ],
    },
    mark: {
      anyOf: [
        object({ $secret: object({ references: texts }) }),
        object({ $asset: ref('asset') }),
        object({ $resource: text }),
        object({ $unknown: texts }),
        object({ $literal: map(ref('value')) }),
      ],
    },
    asset: object(
      { kind: { enum: ['asset', 'archive'] } },
      {
        ...{ hash: { type: 'string', pattern: '^[0-9a-f]{64}$' }, bytes: { type: 'integer', minimum: 0 } },
        ...{ path: text, uri: text, members: map(ref('value')) },
      },
    ),
    position: object({ file: text, line: { type: 'integer', minimum: 1 } }),
    resource: object({
      ...{ urn: { type: 'string', pattern: '^urn:pulumi:' }, type: text, name: text },
      ...{ custom: flag, remote: flag, external: flag, modelled: flag },
      ...{ parent: orNull(text), id: orNull(text), provider: orNull(text) },
      ...{ inputs: map(ref('value')), outputs: map(ref('value')), computed: texts },
      token: { type: 'string', pattern: '^[0-9a-f]{7}$' },
      ...{ dependencies: texts, propertyDependencies: map(texts) },
      options: ref('options'),
      position: orNull(ref('position')),
    }),
    options: object(
      {},
      {
        ...{ protect: flag, deleteBeforeReplace: flag, retainOnDelete: flag },
        ...{ ignoreChanges: texts, replaceOnChanges: texts, additionalSecretOutputs: texts },
        ...{ deletedWith: text, importId: text, version: text },
        aliases: list(ref('value')),
        customTimeouts: object({}, { create: text, update: text, delete: text }),
        hooks: map(texts),
      },
    ),
    provider: object({
      ...{ urn: text, id: text, package: text, version: orNull(text), explicit: flag, region: orNull(text) },
      ...{ configuration: map(ref('value')), defaultTags: map(ref('value')) },
    }),
    invoke: object({
      ...{ token: text, arguments: map(ref('value')), result: orNull(map(ref('value'))) },
      ...{ answeredBy: { enum: ['double', 'given', null] }, provider: orNull(text) },
    }),
    unanswered: object({
      kind: { enum: ['configuration', 'invoke', 'call', 'stack-reference', 'asset', 'region'] },
      ...{ name: text, message: text, remedy: text, positions: list(ref('position')) },
    }),
  },
};

function markNames(): string[] {
  return ['$secret', '$asset', '$resource', '$unknown', '$literal'];
}
