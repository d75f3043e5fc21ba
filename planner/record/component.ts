import * as pulumi from '@pulumi/pulumi';
import * as state from '@pulumi/pulumi/runtime/state';
import { isResourceClass, placeAllFrames } from './frames';
import { pendingOf } from './pending';
import { promisesWithoutStacks } from './promises';
import { Recording } from './recording';
import { answered, messageOf, monitorOf } from './server';
import type { SdkState } from './pending';
import type { Fields } from '../graph/values';
import type { Graph } from '../graph/types';

/** What `recordComponent` gives to the function; all of it has defaults. */
export interface ComponentRecordingOptions {
  /** @default 'project' */
  readonly project?: string;
  /** @default 'stack' */
  readonly stack?: string;
  /** By full key, as in `{ 'aws:region': 'eu-west-1' }`. */
  readonly config?: { readonly [key: string]: string };
  /** The keys of `config` that are secret. */
  readonly secretKeys?: readonly string[];
  /** Where assets are read from. @default the working directory */
  readonly folder?: string;
  /** Results of provider functions that have no double, by token. */
  readonly answers?: { readonly [token: string]: Fields };
  /** Seconds until a program whose promises never settle is given up. @default 10 */
  readonly timeoutSeconds?: number;
  /** @default 'organization', as the engine's with no service behind it */
  readonly organization?: string;
  /** Outputs of other stacks, by the name that the program asks for. */
  readonly stackReferences?: { readonly [name: string]: Fields };
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Records what a function makes, in this process and in milliseconds. What it returns are the stack's outputs.
 * Recordings that are started together run one after the other, because Pulumi's runtime is one a process.
 * @throws what the function throws, or the first resource that could not be recorded
 */
export async function recordComponent(
  program: () => unknown,
  options: ComponentRecordingOptions = {},
): Promise<Graph> {
  const turn = last.then(() => recordNow(program, options));
  last = turn.catch(() => undefined);
  return turn;
}

async function recordNow(program: () => unknown, options: ComponentRecordingOptions): Promise<Graph> {
  const { project = 'project', stack = 'stack', organization = 'organization' } = options;
  const { config = {}, secretKeys = [] } = options;
  const recording = new Recording({
    ...{ project, stack, folder: options.folder ?? process.cwd() },
    configuration: { values: config, secretKeys },
    ...{ stackReferences: options.stackReferences ?? {}, answers: options.answers ?? {} },
  });
  await pulumi.runtime.setMocks(UNUSED, project, stack, false, organization);
  pulumi.runtime.setAllConfig({ ...config }, [...secretKeys]);
  const failures: unknown[] = [];
  serve(recording, failures);
  const resourceClass: unknown = pulumi.Resource;
  const asBefore = isResourceClass(resourceClass) ? placeAllFrames(resourceClass) : () => undefined;
  const withStacks = promisesWithoutStacks();
  try {
    // Not thrown inside the stack: the SDK would leave rejections that nobody can handle.
    let thrown: { readonly error: unknown } | undefined;
    await settled(options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS, async (failed) => {
      const run = async (): Promise<unknown> => {
        try {
          return await program();
        } catch (error) {
          thrown = { error };
          failed(error);
          return {};
        }
      };
      try {
        await pulumi.runtime.runInPulumiStack(run);
      } finally {
        // Also after a failure: a late request would reach the next recording.
        await pulumi.runtime.disconnect();
      }
    });
    if (thrown !== undefined) throw thrown.error;
    if (failures.length > 0) throw failures[0];
    return recording.finish('component');
  } finally {
    withStacks();
    asBefore();
    recording.transforms.close();
    pulumi.runtime.disconnectSync();
  }
}

/** Exported, but left out of the SDK's declarations. */
const sdkState = state as unknown as { getStore(): SdkState };

const DEFAULT_TIMEOUT_SECONDS = 10;

/** What a program that failed had begun may wait for what it did not come to: it is given so long to settle. */
const AFTER_FAILURE_MS = 500;

async function settled(
  seconds: number,
  run: (failed: (error: unknown) => void) => Promise<void>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let failed: (error: unknown) => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    failed = (error) => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(error as Error), AFTER_FAILURE_MS);
    };
    timer = setTimeout(() => {
      const pending = pendingOf(sdkState.getStore());
      const what = pending.length > 0 ? `pending: ${pending.join('; ')}` : 'no promise of Pulumi is pending';
      reject(new Error(`the program did not settle in ${seconds} s; ${what}`));
    }, seconds * 1000);
  });
  try {
    await Promise.race([run(failed), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Every request goes to the recording, so none reaches the mocks. */
const UNUSED: pulumi.runtime.Mocks = {
  newResource: () => ({ id: '', state: {} }),
  call: () => ({}),
};

/** In place of the methods of the mocks' monitor, whose URNs and requests are not those of the engine. */
function serve(recording: Recording, failures: unknown[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as { [name: string]: unknown };
  for (const [name, method] of Object.entries(monitorOf(recording))) {
    monitor[name] = (request: unknown, reply: (error: unknown, response?: unknown) => void) => {
      answered(method, request).then(
        (response) => reply(null, response),
        (error: unknown) => {
          // The SDK swallows what a registration is refused with, unless somebody awaits an output.
          if (name !== 'invoke' && name !== 'call') failures.push(error);
          reply(Object.assign(new Error(messageOf(error)), { details: messageOf(error) }));
        },
      );
    };
  }
}
