/** The stack's configuration by full keys (`project:name`), and which of them are secret. */
export interface StackConfiguration {
  readonly values: { readonly [key: string]: string };
  readonly secretKeys: readonly string[];
}
