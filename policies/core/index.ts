export { among, when } from './among';
export { settingsOf, verdictOn, verdictsOf, type Finding, type RuleVerdicts, type Verdict } from './check';
export { exemptionFor, hasExpired, problemsOfExemptions, type Exemption } from './exemptions';
export { hasOwnKey } from './own-key';
export {
  IDENTITY_POLICIES,
  RESOURCE_POLICIES,
  identityStatements,
  isAboutEverybody,
  letsEverybodyIn,
  namesItsSource,
  resourceStatements,
  type NamedStatement,
} from './policy-documents';
export { isPlain } from './plain';
export { blocks, document, fields, flag, given, number, peek, text, texts } from './read';
export { Stack, type Resource, type ResourceOptions } from './resource';
export * from './rule';
export { called, statements, type Statement } from './statements';
export { tagsOf } from './tags';
export { canonicalType, hasOlderName } from './types';
export { SECRET, UNKNOWN, Undecided, isValues, itemsOf, type Value, type Values } from './values';
export { vpcOf } from './vpcs';
