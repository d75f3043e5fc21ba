/**
 * Signatures that CloudFront checks itself, and tokens that the edge function checks. Nothing of Pulumi's is loaded: it
 * is for the programs that let viewers in.
 */
export type { Access } from './access';
export type { SignHash, SigningKey } from './key';
export { SignError, type SignProblem } from './problems';
export { setCookieValues, signCookies, signUrl } from './signed';
export type { CookieAccess, CookieAttributes, SignedCookies, UrlAccess } from './signed';
export { signToken, type TokenClaims, type TokenKey } from './token';
