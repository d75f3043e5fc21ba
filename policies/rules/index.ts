import type { Rule } from '../core';
import { COST } from './cost';
import { DATA_PROTECTION } from './data-protection';
import { DELIVERY } from './delivery';
import { ENCRYPTION } from './encryption';
import { IDENTITY } from './identity';
import { MEDIA } from './media';
import { NETWORK } from './network';
import { OPERATIONS } from './operations';
import { RESIDENCY } from './residency';
import { RESILIENCE } from './resilience';
import { RETIRED } from './retired';

/** Every rule, by family. */
export const ALL_RULES: readonly Rule[] = [
  ...COST,
  ...DATA_PROTECTION,
  ...DELIVERY,
  ...ENCRYPTION,
  ...IDENTITY,
  ...MEDIA,
  ...NETWORK,
  ...OPERATIONS,
  ...RESIDENCY,
  ...RESILIENCE,
  ...RETIRED,
];
