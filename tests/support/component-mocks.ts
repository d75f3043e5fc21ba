/** Components built against Pulumi's mock monitor, with everything that they asked it for. */
import * as pulumi from '@pulumi/pulumi';

export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly parent: string;
  readonly provider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly dependencies: readonly string[];
  readonly aliasNames: readonly string[];
  /** Of a resource that is read, not made. */
  readonly id?: string;
}

export const PROJECT = 'video';
export const STACK = 'test';
export const ORGANIZATION = 'studio';
export const ACCOUNT = '123456789012';

export interface RecordOptions {
  /** In a preview no computed output is known. @default false */
  readonly preview?: boolean;
  readonly outputs?: (type: string, name: string, inputs: Record<string, unknown>) => Record<string, unknown>;
}

/** As much of a request's protobuf as is read here. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getId?(): string;
  getProtect?(): boolean;
  getRetainondelete?(): boolean;
  getDependenciesList(): string[];
  getAliasesList?(): { getSpec(): { getName(): string } | undefined }[];
}

type Call = (request: Request, ...rest: unknown[]) => unknown;

/** Runs `build` and waits until all that it began is registered. */
export async function record<T>(
  build: () => T,
  { preview = false, outputs = () => ({}) }: RecordOptions = {},
): Promise<{ readonly result: T; readonly resources: readonly RecordedResource[] }> {
  const resources: RecordedResource[] = [];
  const inputs = new Map<string, Record<string, unknown>>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs: given, id }) => {
        const known = given as Record<string, unknown>;
        inputs.set(`${type} ${name}`, known);
        const all = id ? { ...known, bucket: id } : known;
        return {
          id: id || `${name}-id`,
          state: { ...all, ...(preview && !id ? {} : outputs(type, name, all)) },
        };
      },
      call: ({ inputs: given }) => given as Record<string, unknown>,
    },
    PROJECT,
    STACK,
    preview,
    ORGANIZATION,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as Record<'registerResource' | 'readResource', Call>;
  const note = (request: Request) => {
    const [type, name] = [request.getType(), request.getName()];
    resources.push({
      type,
      name,
      // Read late: the mock sees the request after this.
      get inputs() {
        return inputs.get(`${type} ${name}`) ?? {};
      },
      parent: request.getParent().split('::').slice(2).join('::'),
      provider: request.getProvider(),
      protect: request.getProtect?.() ?? false,
      retainOnDelete: request.getRetainondelete?.() ?? false,
      dependencies: request.getDependenciesList().map((urn) => urn.slice(urn.lastIndexOf('::') + 2)),
      aliasNames: (request.getAliasesList?.() ?? []).map((alias) => alias.getSpec()?.getName() ?? ''),
      ...(request.getId?.() && { id: request.getId() }),
    });
  };
  for (const method of ['registerResource', 'readResource'] as const) {
    const original = monitor[method].bind(monitor);
    monitor[method] = (request, ...rest) => {
      note(request);
      return original(request, ...rest);
    };
  }
  const result = build();
  await settled();
  return { result, resources };
}

/** Until every request has been answered and what followed from the answers as well. */
export const settled = (): Promise<void> =>
  (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();

/** The value of an output; undefined where it is not known. Rejects where the output does. */
export const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise(): Promise<T> }).promise();
