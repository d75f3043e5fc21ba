import { ENDPOINT_KINDS, LEFT_KINDS, PHASES, PLAN_SCHEMA_NAME, PLAN_VERSION } from './types';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const number = { type: 'number', minimum: 0 } as const;
const count = { type: 'integer', minimum: 0 } as const;
const texts = { type: 'array', items: text } as const;
const counts = { type: 'object', additionalProperties: count } as const;
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const list = (items: object) => ({ type: 'array', items });
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
/** All properties are required; others are refused. */
const object = (properties: { [name: string]: object }) => ({
  ...{ type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
});

/** The JSON schema (draft 7) of a plan. */
export const PLAN_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'What is known of a Pulumi stack before it is deployed',
  ...object({
    schema: { const: PLAN_SCHEMA_NAME },
    version: { const: PLAN_VERSION },
    ...{ project: text, stack: text, regions: texts },
    totals: object({
      resources: count,
      components: count,
      reads: count,
      notModelled: counts,
      otherProviders: counts,
    }),
    components: list(ref('component')),
    endpoints: list(object({ kind: { enum: [...ENDPOINT_KINDS] }, name: text, address: text, known: flag })),
    capacity: object({ pools: list(ref('pool')), fargate: list(ref('fargate')) }),
    needs: object({
      permissions: ref('permissions'),
      passedRoles: list(object({ role: text, services: texts, to: texts })),
      quotas: list(ref('quota')),
      serviceLinkedRoles: list(object({ service: text, role: text, for: texts, note: text })),
      before: list(ref('prerequisite')),
      after: list(ref('prerequisite')),
      slow: list(object({ what: text, takes: text, for: texts, source: ref('source') })),
    }),
    destroy: list(object({ kind: { enum: [...LEFT_KINDS] }, what: text, todo: text, resources: texts })),
    flow: object({
      nodes: list(ref('node')),
      edges: list(object({ from: text, to: text, label: text })),
      mermaid: text,
    }),
    notKnown: list(object({ what: text, remedy: text })),
  }),
  definitions: {
    source: object({ name: text, date: { type: 'string', pattern: '^(\\d{4}-\\d\\d-\\d\\d)?$' } }),
    component: object({
      ...{ urn: text, path: text, type: text, parent: orNull(text), counts },
      resources: list(object({ path: text, type: text, external: flag })),
    }),
    pool: object({
      ...{ group: text, zones: texts, instanceTypes: texts },
      purchase: { enum: ['on-demand', 'spot', 'mixed'] },
      ...{ vcpus: orNull(count), minSize: orNull(count), maxSize: orNull(count), instances: orNull(count) },
      tasks: list(
        object({
          ...{ name: text, count, cpuUnits: count },
          limit: orNull(object({ resource: text, share: number, perInstance: count })),
        }),
      ),
    }),
    fargate: object({
      path: text,
      zones: texts,
      vcpus: number,
      memoryMiB: count,
      desired: count,
      most: count,
    }),
    permissions: object({
      sources: list(ref('source')),
      types: list(
        object({
          ...{ type: text, count, source: orNull(text) },
          actions: object(Object.fromEntries(PHASES.map((phase) => [phase, texts]))),
        }),
      ),
      actions: texts,
      invokes: list(object({ token: text, actions: orNull(texts) })),
      notKnown: texts,
    }),
    quota: object({
      ...{ service: text, name: text, code: orNull(text), needed: number, default: number },
      ...{ verdict: { enum: ['ok', 'raise'] }, of: orNull(text), where: text },
      ...{ source: ref('source'), verified: flag },
    }),
    prerequisite: object({ what: text, for: texts }),
    node: object({
      ...{ id: { type: 'string', pattern: '^n\\d+$' }, label: text },
      kind: { enum: ['people', 'accelerator', 'balancer', 'service', 'bucket', 'distribution'] },
      ...{ component: orNull(text), zone: orNull(text), resources: texts },
    }),
  },
};
