export { among, when } from './among';
export { amongItems } from './among-items';
export { settingsOf, verdictOn, verdictsOf, type Finding, type RuleVerdicts, type Verdict } from './check';
export { exemptionFor, hasExpired, problemsOfExemptions, type Exemption } from './exemptions';
export { filled } from './filled';
export { hasOwnKey } from './own-key';
export { isPlain } from './plain';
export {
  IDENTITY_POLICIES,
  RESOURCE_POLICIES,
  isAboutEverybody,
  judgePolicies,
  letsEverybodyIn,
  namesItsSource,
  resourceStatements,
  type NamedStatement,
} from './policy-documents';
export { blocks, document, fields, flag, given, number, peek, text, texts } from './read';
export { Stack, type Resource, type ResourceOptions } from './resource';
export * from './rule';
export { called, statements, type Statement } from './statements';
export { tagOf } from './tag';
export { tagsOf } from './tags';
export { canonicalType, hasOlderName } from './types';
export { SECRET, UNKNOWN, Undecided, isValues, itemsOf, type Value, type Values } from './values';
export { isInVpc, vpcOf } from './vpcs';
