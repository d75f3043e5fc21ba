/** Tests of programs under the real Pulumi engine, with a stand-in for AWS: no account, no network. */
export { RealEngine } from './real-engine';
export type { CommandResult, RealEngineOptions } from './real-engine';
export type { EngineStack, RunOptions } from './engine-stack';
export { RunFailed } from './outcome';
export type { Outcome, Step, Violation } from './outcome';
export { StandInAws } from './stand-in-aws';
export type { Invoke, RecordedCall, StandInOptions } from './stand-in-aws';
export type { Fault } from './faults';
