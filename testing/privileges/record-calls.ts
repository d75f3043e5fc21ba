import { ACCOUNT } from '../../planner/doubles';
import { foldSessions, S3_CALLS } from './s3-calls';
import type { ApiCall, CallRecording } from './types';

/** The arguments of a command of an SDK client. */
export type CommandInput = Readonly<Record<string, unknown>>;

/** What an ARN holds that a command does not say. */
export interface CallPlace {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** How a command of an SDK client is called in IAM, and on what. */
export interface CallRule {
  readonly calls: (input: CommandInput, place: CallPlace) => readonly ApiCall[];
  /** What is asked besides where the answer was 404. */
  readonly whereAbsent?: (input: CommandInput, place: CallPlace) => readonly ApiCall[];
}

/** By client and command, as `'S3Client.PutObjectCommand'`. */
export type CallTable = Readonly<Record<string, CallRule>>;

/** Any client of the AWS SDK for JavaScript, version 3; by shape, so that this needs no package of it. */
export interface RecordableClient {
  readonly middlewareStack: {
    add(middleware: never, options: never): void;
    remove(name: string): boolean;
  };
  readonly config: { readonly region?: string | (() => Promise<string>) };
}

/** How the commands of a client are called in IAM, where that is not known. */
export interface RecordCallsOptions {
  /** Further commands, or other rules for those that are known. */
  readonly table?: CallTable;
  /** @default 'aws' */
  readonly partition?: string;
  /** Twelve digits. @default '123456789012', that of recorded graphs */
  readonly account?: string;
  /** @default the client's own; give it where the client's is not that of the graph */
  readonly region?: string;
}

/** The calls of one client or of several, until `stop`. */
export interface CallRecorder extends CallRecording {
  /** Forgets what was recorded. */
  clear(): void;
  /** Records no more; what was recorded stays. */
  stop(): void;
}

type Next = (args: { readonly input: CommandInput }) => Promise<unknown>;
interface About {
  readonly clientName?: string;
  readonly commandName?: string;
}
type Middleware = (next: Next, about: About) => Next;

let recorders = 0;

/**
 * Records what clients ask, whatever the answer, and also what they are refused. Requests that the SDK repeats by
 * itself count as one.
 *
 * Where S3 answers that a key is absent it has asked `s3:ListBucket` too: without that permission it says 403. In a
 * directory bucket every operation is one `s3express:CreateSession`, for writing where anything was written.
 */
export function recordCalls(
  clients: RecordableClient | readonly RecordableClient[],
  options: RecordCallsOptions = {},
): CallRecorder {
  const { partition = 'aws', account = ACCOUNT } = options;
  const table: CallTable = { ...S3_CALLS, ...options.table };
  const seen = new Map<string, ApiCall>();
  const unknown = new Set<string>();
  const note = (calls: readonly ApiCall[]): void => {
    for (const call of calls) {
      const { action, resource, context } = call;
      const key = JSON.stringify([action, resource, Object.entries(context ?? {}).sort()]);
      if (!seen.has(key)) seen.set(key, call);
    }
  };
  const recording = (client: RecordableClient): Middleware => {
    let place: Promise<CallPlace> | undefined;
    const placed = async (): Promise<CallPlace> => ({
      partition,
      account,
      region: options.region ?? (await regionOf(client)),
    });
    return (next, { clientName = 'client', commandName = 'command' }) =>
      async (args) => {
        const name = `${clientName}.${commandName}`;
        const rule = Object.hasOwn(table, name) ? table[name] : undefined;
        if (!rule) {
          unknown.add(name);
          return next(args);
        }
        const at = await (place ??= placed());
        note(rule.calls(args.input, at));
        try {
          return await next(args);
        } catch (error) {
          if (isAbsent(error)) note(rule.whereAbsent?.(args.input, at) ?? []);
          throw error;
        }
      };
  };
  const name = `recordCalls${recorders++}`;
  const all = Array.isArray(clients)
    ? (clients as readonly RecordableClient[])
    : [clients as RecordableClient];
  for (const client of all) {
    const stack = client.middlewareStack as unknown as {
      add(middleware: Middleware, options: { readonly step: 'initialize'; readonly name: string }): void;
    };
    stack.add(recording(client), { step: 'initialize', name });
  }
  return {
    get calls() {
      return foldSessions([...seen.values()]);
    },
    get unknown() {
      return [...unknown];
    },
    clear() {
      seen.clear();
      unknown.clear();
    },
    stop() {
      for (const client of all) client.middlewareStack.remove(name);
    },
  };
}

async function regionOf({ config: { region } }: RecordableClient): Promise<string> {
  return (typeof region === 'function' ? await region() : region) ?? '';
}

/** A bucket that is not there says nothing about a key. */
function isAbsent(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 404 && name !== 'NoSuchBucket';
}
