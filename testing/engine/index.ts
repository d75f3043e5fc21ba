/** Tests of programs under the real Pulumi engine, with a stand-in for AWS: no account, no network. */
export { RealEngine } from './real-engine';
export type { CommandOptions, CommandResult, RealEngineOptions, StackOptions } from './real-engine';
export type { EngineStack, RunOptions } from './engine-stack';
export { RunFailed } from './outcome';
export type { Outcome, Step, Violation } from './outcome';
export { StandInAws } from './stand-in-aws';
export type { Invoke, RecordedCall, StandInOptions } from './stand-in-aws';
export type { Fault } from './faults';
export type { Held, Hold } from './holds';
export { normalGraph, normalState } from './normalise';
export type { NormalProvider, NormalResource, NormalStack } from './normalise';
export { disagreements } from './agreement';
