import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type * as Grpc from '@grpc/grpc-js';
import type {
  RunPluginRequest,
  RunPluginResponse,
  RunRequest,
  RunResponse,
} from '@pulumi/pulumi/proto/language_pb';
import { Empty, grpc, languageGrpc, languagePb, listen, pluginPb, type Listening } from './sdk';

/** What `@pulumi/pulumi/cmd/run` ends with when the program failed and has shown why itself. */
const ALREADY_REPORTED = 32;

/**
 * A language host for Node programs, which the SDK's own runner runs: JavaScript, and TypeScript as Pulumi does it, or
 * with `typescript: false` as Node does. It also runs policy packs that are folders. It installs nothing and resolves no
 * plugin: the SDK must be where the program finds it.
 *
 * `engine` is the address that `pulumi` gives the host as its last argument.
 */
export async function serveLanguageHost(engine: string): Promise<Listening> {
  let address = engine;
  const unary =
    <Request, Response>(method: (request: Request) => Response) =>
    (call: { readonly request: Request }, reply: (error: null, response: Response) => void): void =>
      reply(null, method(call.request));
  return listen(languageGrpc.LanguageRuntimeService, {
    handshake: unary((request: InstanceType<typeof languagePb.LanguageHandshakeRequest>) => {
      address = request.getEngineAddress() || address;
      return new languagePb.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new pluginPb.PluginInfo().setVersion('0.0.0')),
    getRequiredPlugins: unary(() => new languagePb.GetRequiredPluginsResponse()),
    getRequiredPackages: unary(() => new languagePb.GetRequiredPackagesResponse()),
    getProgramDependencies: unary(() => new languagePb.GetProgramDependenciesResponse()),
    runtimeOptionsPrompts: unary(() => new languagePb.RuntimeOptionsResponse()),
    about: unary(() =>
      new languagePb.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),
    cancel: unary(() => new Empty()),
    run(call: Grpc.ServerUnaryCall<RunRequest, RunResponse>, reply: Grpc.sendUnaryData<RunResponse>) {
      run(call.request, address).then(
        (response) => reply(null, response),
        (error: unknown) => reply({ code: grpc.status.UNKNOWN, message: String(error) }),
      );
    },
    runPlugin,
  });
}

/** A policy pack of a folder: what it writes goes to the engine, which reads its port, until the engine has no more use of it. */
function runPlugin(call: Grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const request = call.request;
  if (request.getKind() !== 'analyzer') {
    const message = `this host runs plugins of kind analyzer, not ${request.getKind()}`;
    call.emit('error', { code: grpc.status.UNIMPLEMENTED, message });
    return;
  }
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const runner = createRequire(join(folder, 'any.js')).resolve('@pulumi/pulumi/cmd/run-policy-pack');
  const entry = resolve(folder, info?.getEntryPoint() || '.');
  // PolicyPack reads package.json of where it runs.
  const child = spawn(process.execPath, [runner, ...request.getArgsList(), entry], {
    cwd: folder,
    env: { ...process.env, ...Object.fromEntries(request.getEnvList().map(variable)) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const answer = (set: (response: RunPluginResponse) => void): void => {
    const response = new languagePb.RunPluginResponse();
    set(response);
    call.write(response);
  };
  child.stdout.on('data', (chunk: Buffer) => answer((response) => response.setStdout(new Uint8Array(chunk))));
  child.stderr.on('data', (chunk: Buffer) => answer((response) => response.setStderr(new Uint8Array(chunk))));
  child.once('error', (error) => call.emit('error', { code: grpc.status.UNKNOWN, message: String(error) }));
  child.once('close', (code) => {
    answer((response) => response.setExitcode(code ?? 1));
    call.end();
  });
  call.once('cancelled', () => child.kill());
}

function variable(each: string): [string, string] {
  const at = each.indexOf('=');
  return [each.slice(0, at), each.slice(at + 1)];
}

async function run(request: RunRequest, engine: string): Promise<RunResponse> {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const environment = {
    ...process.env,
    ...settingsOf(request),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
  const child = spawn(process.execPath, argumentsOf(request, folder, engine), {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (...how) => resolve(how));
  });
  const response = new languagePb.RunResponse();
  if (code === ALREADY_REPORTED) return response.setBail(true);
  if (code === 0) return response;
  return response.setError(
    signal === null ? `the program ended with exit code ${code}` : `the program was ended by ${signal}`,
  );
}

/** `runtime.options` of Pulumi.yaml, as the real host hands them on (sdk/nodejs/cmd/pulumi-language-nodejs). */
function settingsOf(request: RunRequest): NodeJS.ProcessEnv {
  const { typescript, tsconfig } = optionsOf(request);
  return {
    ...(typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: 'true' }),
    ...(typeof tsconfig === 'string' && { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

function optionsOf(request: RunRequest): { readonly [name: string]: unknown } {
  return request.getInfo()?.getOptions()?.toJavaScript() ?? {};
}

function argumentsOf(request: RunRequest, folder: string, engine: string): string[] {
  const info = request.getInfo();
  // Of the program's own SDK, as the real host takes it.
  const runner = createRequire(join(folder, 'any.js')).resolve('@pulumi/pulumi/cmd/run');
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ['--monitor', request.getMonitorAddress()],
    ['--engine', engine],
    ['--organization', request.getOrganization()],
    ['--root-directory', info?.getRootDirectory()],
    ['--project', request.getProject()],
    ['--stack', request.getStack()],
    ['--pwd', request.getPwd()],
    ['--parallel', request.getParallel()],
  ];
  const { nodeargs } = optionsOf(request);
  return [
    // One word: the runner looks for `--require` among the arguments, and then leaves ES modules to others.
    `--require=${join(__dirname, 'inspect-without-colours.js')}`,
    ...(typeof nodeargs === 'string' ? nodeargs.split(/\s+/).filter((each) => each !== '') : []),
    runner,
    ...flags.flatMap(([flag, value]) => (value ? [flag, String(value)] : [])),
    ...(request.getDryrun() ? ['--dry-run'] : []),
    info?.getEntryPoint() || request.getProgram() || '.',
    ...request.getArgsList(),
  ];
}
