/** The values of outputs, awaited: an assertion in an `apply` that nothing waits for proves nothing. */
import * as pulumi from '@pulumi/pulumi';

/** How long to wait for an output. */
export interface AwaitOptions {
  /** Seconds until an output that does not settle is given up. @default 10 */
  readonly timeoutSeconds?: number;
}

/** All that is known of an output. */
export interface OutputState<T> {
  /** Undefined where it is not known. The text of a secret is here too: it is the test that asks. */
  readonly value: T | undefined;
  /** False in a preview for what AWS decides, and for all that was made of it. */
  readonly known: boolean;
  readonly secret: boolean;
  /** URNs of the resources that it depends on, sorted. */
  readonly dependencies: readonly string[];
}

const DEFAULT_TIMEOUT_SECONDS = 10;

/**
 * The value of an output, or of anything that has outputs and promises in it, in the program of `recordComponent`,
 * after it, or under `pulumi.runtime.setMocks`. Secrets are shown. What the program's code threw in an `apply`
 * is thrown here.
 * @throws Error where the value is not known, as in a preview, or does not settle
 */
export async function valueOf<T>(
  output: pulumi.Input<T>,
  options: AwaitOptions = {},
): Promise<pulumi.Unwrap<T>> {
  const { value, known } = await stateOf(output, options);
  if (known) return value as pulumi.Unwrap<T>;
  throw new Error(
    'the value of the output is not known: it is decided by the update, and this is a preview ' +
      '(setMocks with `preview`), or an answer that no double gives. stateOf(output) says so without throwing',
  );
}

/**
 * Whether an output is known, whether it is secret, and what it depends on, beside its value.
 * @throws what was thrown in an `apply`; Error where it does not settle
 */
export async function stateOf<T>(
  input: pulumi.Input<T>,
  { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS }: AwaitOptions = {},
): Promise<OutputState<pulumi.Unwrap<T>>> {
  const output = pulumi.output(input) as unknown as Inside<pulumi.Unwrap<T>>;
  const [value, known, secret, resources] = await inTime(
    Promise.all([output.promise(), output.isKnown, output.isSecret, output.allResources()]),
    timeoutSeconds,
  );
  const dependencies = await inTime(
    Promise.all([...resources].map(async ({ urn }) => (urn as unknown as Inside<string>).promise())),
    timeoutSeconds,
  );
  return { value: known ? value : undefined, known, secret, dependencies: [...new Set(dependencies)].sort() };
}

/** What every Output of the SDK has, and its declarations leave out. */
interface Inside<T> {
  promise(): Promise<T>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  allResources(): Promise<ReadonlySet<pulumi.Resource>>;
}

async function inTime<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new Error(
          `the output did not settle in ${seconds} s: a promise that it is made of is never resolved, ` +
            'or its resource was made after the recording had ended',
        ),
      );
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
