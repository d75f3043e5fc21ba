export { describeFinding, type Finding } from './findings';
export { findJudge, PROVIDER_VERSION, type JudgeTools } from './runner';
export type { Verdict } from './judge';
export type { Defaults } from './defaults';
export { changesBetween, type Change } from './replacement';
export { judge, judgeTogether } from './together';
