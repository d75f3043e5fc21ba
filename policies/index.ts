/** Rules for media on AWS, as policies for anybody's pack. */
export { mediaPolicies, type MediaPolicyOptions } from './pulumi/policies';
export { PROFILES, type Profile } from './core';
