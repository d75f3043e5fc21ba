/** What is known of a Pulumi program before it is deployed: its graph, and what can be read from that. */
export { recordProgram, RecordingError, type ProgramRecordingOptions } from './record/program';
export { GraphQuery, type Reference } from './graph/query';
export { GRAPH_SCHEMA } from './graph/schema';
export { toPulumiState, type PulumiState } from './graph/state';
export type * from './graph/types';
export { GRAPH_VERSION } from './graph/types';
export { viewOf, VIEWS, type View } from './graph/view';
export { planOf, PLAN_SCHEMA, PLAN_SCHEMA_NAME, PLAN_VERSION } from './plan';
export type { Plan } from './plan';
