/** Checks of a recorded graph that need no engine, account or network. */
export { assertNames, checkNames } from './names';
export type { NameCheckOptions, NameReport } from './names';
export type { KnownLimit, NameLimit, Naming, NoLimit } from './name-limit';
export { NAME_LIMITS, NAME_LIMITS_FROM } from './name-limits';
export { assertTags, checkTags } from './tags';
export type { TagCheckOptions, TagReport, TagRule } from './tags';
export { LIST_TAGGED_TYPES, SDK_TYPES_VERSION, TAGGABLE_TYPES } from '../../planner/doubles/sdk-types';
export { describeFinding, describeNotChecked, FindingsError } from './finding';
export type { Exceptions, Finding, NotChecked } from './finding';
