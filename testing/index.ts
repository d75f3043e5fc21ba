/** Tests of components without an engine, an account or a network: record what they make, then look at the graph. */
export { recordComponent } from '../planner/record/component';
export type { ComponentRecordingOptions } from '../planner/record/component';
export { GraphQuery } from '../planner/graph/query';
export type { Reference } from '../planner/graph/query';
export { viewOf, VIEWS } from '../planner/graph/view';
export type { View } from '../planner/graph/view';
export { toPulumiState } from '../planner/graph/state';
export type * from '../planner/graph/types';
export * from './checks';
export { assertReaches, follow, reaches, referencesOf, resourceOf } from './references';
export type { FollowOptions, Hop, ResourceSelector } from './references';
export { stateOf, valueOf } from './outputs';
export type { AwaitOptions, OutputState } from './outputs';
export { goldenOf, GoldenError, matchGolden } from './golden';
export type { Golden, GoldenDifference, GoldenMatch, GoldenOptions, GoldenResource } from './golden';
export type { GoldenChange } from './golden-differences';
export * from './privileges';
export * from './upgrade';
