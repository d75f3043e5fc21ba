/** Profiles as files for `pulumi preview --policy-pack-config`. */
import type { Level, Profile } from './core';
import { ALL_RULES } from './rules';

/** The level of each rule in a profile. */
export const levelsOf = (profile: Profile): Readonly<Record<string, Level>> =>
  Object.fromEntries(ALL_RULES.map(({ id, levels }) => [id, levels[profile]]));
