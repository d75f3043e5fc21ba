/** What an environment decides about data: how hard it is to lose. */

export const Environment = { Local: 'local', Dev: 'dev', Staging: 'staging', Prod: 'prod' } as const;
export type Environment = (typeof Environment)[keyof typeof Environment];

export const ENVIRONMENTS: readonly Environment[] = Object.values(Environment);

export interface Protection {
  /** Whether the engine refuses to delete what holds data. */
  readonly protect: boolean;
  /** Whether it stays in AWS when it leaves the stack. */
  readonly retainOnDelete: boolean;
  /** Whether a bucket is emptied to be deleted. */
  readonly forceDestroy: boolean;
}

const DISPOSABLE: Protection = { protect: false, retainOnDelete: false, forceDestroy: true };

export const PROTECTION: Readonly<Record<Environment, Protection>> = {
  local: DISPOSABLE,
  dev: DISPOSABLE,
  staging: { protect: false, retainOnDelete: false, forceDestroy: false },
  prod: { protect: true, retainOnDelete: true, forceDestroy: false },
};
