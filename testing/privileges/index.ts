/** Whether a role has exactly the permissions that its calls need. docs/least-privilege.md explains it. */
export { assertLeastPrivilege } from './assert';
export type { AssertLeastPrivilegeOptions, PrivilegeException } from './assert';
export { CONDITION_OPERATORS } from './conditions';
export { PolicyError } from './document';
export { isAllowed, leastPrivilege } from './least-privilege';
export type {
  DeniedCall,
  GrantPlace,
  LeastPrivilege,
  LeastPrivilegeOptions,
  UnusedGrant,
  WideGrant,
} from './least-privilege';
export { recordCalls } from './record-calls';
export type {
  CallPlace,
  CallRecorder,
  CallRule,
  CallTable,
  CommandInput,
  RecordableClient,
  RecordCallsOptions,
} from './record-calls';
export type { NotEvaluated } from './role-policies';
export type { ApiCall, CallRecording, RequestContext } from './types';
