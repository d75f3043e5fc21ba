/** CloudFront functions without CloudFront: its events, its runtime's limits, its judgement of answers. */
export { urlOf, viewerRequest, viewerResponse } from './events';
export type { EdgeEvent, EdgeRequest, EdgeResponse, EdgeValue, EdgeValues, RequestOptions } from './events';
export { EdgeError, edgeMilliseconds, runEdge } from './runtime';
export type { EdgeOptions, EdgeResult } from './runtime';
export { EDGE_FUNCTION_BYTES, EDGE_MODULES, edgeFaults } from './syntax';
export { refusalOf } from './trusted-keys';
export type { SignedRequest, TrustedKeys } from './trusted-keys';
