/**
 * The function that a deployment calls: starts the build of an image, waits for it and answers the image's digest. It
 * is deployed as this file alone, with what Lambda's Node brings.
 */

/** What a deployment asks for. */
export interface StartBuildEvent {
  /** Name of the project. */
  readonly project: string;
  /** Of the image, for messages. */
  readonly tag: string;
}

/** Of a build, what is read here: CodeBuild API Reference, Build. */
export interface Build {
  readonly id?: string;
  readonly buildStatus?: string;
  readonly logs?: { readonly deepLink?: string };
  readonly exportedEnvironmentVariables?: readonly { readonly name?: string; readonly value?: string }[];
}

/** Of the SDK's `CodeBuild`, what is called here. */
export interface CodeBuildClient {
  startBuild(input: {
    readonly projectName: string;
    readonly idempotencyToken: string;
  }): Promise<{ readonly build?: Build }>;
  batchGetBuilds(input: { readonly ids: readonly string[] }): Promise<{ readonly builds?: readonly Build[] }>;
}

/** What a test gives otherwise. */
export interface Surroundings {
  readonly client: CodeBuildClient;
  /** Of the call: a request that the SDK repeats begins no second build. */
  readonly requestId: string;
  /** Milliseconds that are left to the call. */
  readonly remainingMs: () => number;
  readonly delay: (milliseconds: number) => Promise<void>;
}

const POLL_MS = 5000;
/** For the answer. */
const RESERVE_MS = 15_000;
/** A policy that was just attached is not seen everywhere at once. */
const DENIED_TRIES = 12;

/**
 * @returns the digest
 * @throws Error that says what became of the build, and where its log is
 */
export async function build(
  { project, tag }: StartBuildEvent,
  { client, requestId, remainingMs, delay }: Surroundings,
): Promise<string> {
  const started = await start();
  const id = started.id!;
  for (let now = started; ; now = await look()) {
    const { buildStatus: status = '' } = now;
    const where = `build ${id} of ${tag}, log: ${now.logs?.deepLink ?? 'none'}`;
    if (status === 'SUCCEEDED') return digestOf(now, where);
    if (status !== 'IN_PROGRESS') throw new Error(`${status}: ${where}`);
    if (remainingMs() < POLL_MS + RESERVE_MS) {
      throw new Error(`not finished in time: ${where}. It goes on: deploy again when it has ended.`);
    }
    await delay(POLL_MS);
  }

  async function look(): Promise<Build> {
    const { builds } = await client.batchGetBuilds({ ids: [id] });
    return builds?.[0] ?? { buildStatus: 'GONE' };
  }

  async function start(): Promise<Build> {
    for (let tries = 1; ; tries++) {
      try {
        const { build: begun } = await client.startBuild({
          projectName: project,
          idempotencyToken: requestId,
        });
        if (begun?.id === undefined) throw new Error(`CodeBuild told no id for a build of ${project}`);
        return begun;
      } catch (error) {
        const isDenied = (error as Error).name === 'AccessDeniedException';
        if (!isDenied || tries === DENIED_TRIES || remainingMs() < POLL_MS + RESERVE_MS) throw error;
        await delay(POLL_MS);
      }
    }
  }
}

function digestOf({ exportedEnvironmentVariables = [] }: Build, where: string): string {
  const digest = exportedEnvironmentVariables.find(({ name }) => name === 'IMAGE_DIGEST')?.value ?? '';
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new Error(`no digest (${JSON.stringify(digest)}): ${where}`);
  return digest;
}

/** What Lambda calls. */
export const handler = (
  event: StartBuildEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<string> => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- Lambda brings it; this package does not.
  const { CodeBuild } = require('@aws-sdk/client-codebuild') as {
    CodeBuild: new (options: object) => CodeBuildClient;
  };
  return build(event, {
    client: new CodeBuild({}),
    requestId: context.awsRequestId,
    remainingMs: () => context.getRemainingTimeInMillis(),
    delay: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  });
};
