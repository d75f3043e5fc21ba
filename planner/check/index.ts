export * from './check';
export { readPolicyConfiguration } from './configuration';
export { formatPolicyMarkdown, formatPolicyText, headOf } from './formats';
export { stackOf } from './from-graph';
export { toSarif } from './sarif';
