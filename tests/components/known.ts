import type * as pulumi from '@pulumi/pulumi';

/** The value of an output. Rejects where the output does. */
export const known = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise(): Promise<T> }).promise();
