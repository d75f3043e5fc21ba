/** What an environment decides about data: how hard it is to lose. */

/** Environments of a stack, from the most disposable to the one that counts. */
export const Environment = { Local: 'local', Dev: 'dev', Staging: 'staging', Prod: 'prod' } as const;
/** One of {@link Environment}. */
export type Environment = (typeof Environment)[keyof typeof Environment];

/** All environments, for messages and checks. */
export const ENVIRONMENTS: readonly Environment[] = Object.values(Environment);

/** How hard data is to lose. */
export interface Protection {
  /** Whether the engine refuses to delete what holds data. */
  readonly protect: boolean;
  /** Whether it stays in AWS when it leaves the stack. */
  readonly retainOnDelete: boolean;
  /** Whether a bucket is emptied to be deleted. */
  readonly forceDestroy: boolean;
}

const DISPOSABLE: Protection = { protect: false, retainOnDelete: false, forceDestroy: true };

/** What each environment says of its data. */
export const PROTECTION: Readonly<Record<Environment, Protection>> = {
  local: DISPOSABLE,
  dev: DISPOSABLE,
  staging: { protect: false, retainOnDelete: false, forceDestroy: false },
  prod: { protect: true, retainOnDelete: true, forceDestroy: false },
};
