import type { Rule } from '../core';
import { NETWORK } from './network';

/** Every rule, by family. */
export const RULES: readonly Rule[] = [...NETWORK];
