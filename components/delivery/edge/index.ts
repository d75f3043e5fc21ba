/** CloudFront functions: what they are made of, and their code. */
export { COUNTRY_CODES } from './countries';
export { EDGE_CODE_BYTES, EDGE_RUNTIME, edgeCode, SECURITY_HEADERS, type EdgeCode } from './edge-code';
export {
  EdgeParametersError,
  edgeProblems,
  type EdgeEventType,
  type EdgeParameters,
  type EdgeProblem,
  type ViewerRequestParameters,
  type ViewerResponseParameters,
} from './parameters';
export type {
  Cors as EdgeCors,
  CountryParameters,
  DeviceParameters,
  DirectiveParameters,
  HeaderParameters,
  TokenParameters,
} from './functions/types';
