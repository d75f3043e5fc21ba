/** What an update from one version of a component or program to the next would do. docs/upgrade-check.md explains it. */
export { assertUpgrade } from './assert';
export type { AssertUpgradeOptions, UpgradeException } from './assert';
export type { InputChange } from './changes';
export { compareGraphs } from './compare-graphs';
export type {
  Aliased,
  Changed,
  CompareOptions,
  NotCompared,
  Renamed,
  Replaced,
  UpgradeCheck,
  UpgradeFinding,
  UpgradeOperation,
  UpgradeStep,
} from './compare-graphs';
export type { Claim } from './identity';
export { STATEFUL_TYPES } from './loss';
export type { Severity } from './loss';
export type { ReplacementTable } from './replacement-table';
