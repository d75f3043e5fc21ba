/** Documents inside of inputs, against AWS's own models. */
export { assertDocuments, checkDocuments } from './check';
export type { DocumentFinding, DocumentOptions, DocumentReport } from './check';
export { DOCUMENT_KINDS } from './inputs';
export type { DocumentKind } from './inputs';
export { refuseDocuments } from './refuse';
export { shapesOf } from './data';
export type { Origin } from './data';
export { iamOrigin } from './iam/reference';
export type { Verdict } from './problems';
