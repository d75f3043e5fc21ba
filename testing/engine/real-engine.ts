import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalWorkspace, PulumiCommand, type PulumiFn } from '@pulumi/pulumi/automation';
import { Checkpoint } from './checkpoint';
import { layOut, type Place } from './environment';
import { EngineStack } from './engine-stack';
import { KeyService } from './key-service';
import { StandInAws, type StandInOptions } from './stand-in-aws';

export interface RealEngineOptions {
  /** Path of the Pulumi CLI, 3.259 or newer. */
  readonly pulumi: string;
  readonly standIn?: StandInOptions;
}

export interface StackOptions {
  /** @default 'media' */
  readonly project?: string;
  /** Plain values by full key, such as `aws:region`. Secret ones: `setConfig`. */
  readonly config?: { readonly [key: string]: string };
}

export interface CommandOptions {
  /** After this the command is interrupted as by Ctrl-C, in ms: 30000 by default. */
  readonly timeoutMs?: number;
  /** Over the engine's own: the program has these variables too. */
  readonly environment?: { readonly [name: string]: string };
}

/** How a command ended. */
export interface CommandResult {
  /** -1 where it had to be killed because it took too long. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long one command may take: a preview takes half a second, `up` of 500 resources nine. */
const COMMAND_MS = 30_000;
/** And how long it may take to end once it was interrupted. */
const GRACE_MS = 5_000;

/**
 * The engine of a Pulumi CLI against the stand-in `aws` provider, with its state and settings in a temporary folder
 * that `stop` removes. No AWS account, no network, and nothing of the user's own Pulumi.
 */
export class RealEngine {
  readonly aws: StandInAws;
  readonly #place: Place;
  readonly #command: PulumiCommand;
  readonly #keys: KeyService;

  private constructor(aws: StandInAws, keys: KeyService, place: Place, command: PulumiCommand) {
    this.aws = aws;
    this.#keys = keys;
    this.#place = place;
    this.#command = command;
  }

  /** @throws Error when the CLI does not run or is too old for the SDK. */
  static async start({ pulumi, standIn }: RealEngineOptions): Promise<RealEngine> {
    const folder = mkdtempSync(join(tmpdir(), 'aws-media-engine-'));
    let aws: StandInAws | undefined;
    let keys: KeyService | undefined;
    try {
      keys = await KeyService.start();
      aws = await StandInAws.start(standIn);
      const place = layOut(folder, pulumi, aws.environment.PULUMI_DEBUG_PROVIDERS);
      return new RealEngine(aws, keys, place, await PulumiCommand.get({ root: place.root }));
    } catch (error) {
      aws?.stop();
      keys?.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The folder that holds everything; gone after `stop`. */
  get folder(): string {
    return this.#place.folder;
  }

  /** A new stack, of which `program` is the code until a run is given another. */
  async stack(name: string, program: PulumiFn, options: StackOptions = {}): Promise<EngineStack> {
    const { project = 'media', config = {} } = options;
    const workDir = join(this.#place.folder, `${project}-${name}`);
    mkdirSync(workDir);
    const stack = await LocalWorkspace.createStack(
      { stackName: name, projectName: project, program },
      {
        workDir,
        projectSettings: { name: project, runtime: 'nodejs' },
        stackSettings: { [name]: { config: { ...config } } },
        secretsProvider: this.#keys.provider,
        pulumiCommand: this.#command,
        // Undefined takes a variable away, which the type does not know.
        envVars: { ...this.#place.environment, ...this.#keys.environment },
      },
    );
    return new EngineStack(stack, new Checkpoint(stack, join(this.#place.folder, 'state'), project));
  }

  /** Runs the CLI itself in a folder, as a user would type it: `cli(['preview'], project)`. */
  async cli(args: readonly string[], cwd: string, options: CommandOptions = {}): Promise<CommandResult> {
    const { timeoutMs = COMMAND_MS, environment = {} } = options;
    const child = spawn(join(this.#place.root, 'bin/pulumi'), [...args, '--non-interactive'], {
      cwd,
      env: { ...process.env, ...this.#place.environment, ...this.#keys.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = [[] as Buffer[], [] as Buffer[]];
    child.stdout.on('data', (data: Buffer) => stdout.push(data));
    child.stderr.on('data', (data: Buffer) => stderr.push(data));
    // The first lets it end its language host, too.
    const interrupt = setTimeout(() => child.kill('SIGINT'), timeoutMs);
    const kill = setTimeout(() => child.kill('SIGKILL'), timeoutMs + GRACE_MS);
    try {
      const code = await new Promise<number>((resolve, reject) => {
        child.on('error', reject);
        child.on('close', (ended) => resolve(ended ?? -1));
      });
      const text = (data: readonly Buffer[]) => Buffer.concat(data).toString();
      return { code, stdout: text(stdout), stderr: text(stderr) };
    } finally {
      clearTimeout(interrupt);
      clearTimeout(kill);
    }
  }

  /** Closes the stand-ins and removes the folder. */
  stop(): void {
    this.aws.stop();
    this.#keys.stop();
    rmSync(this.#place.folder, { recursive: true, force: true });
  }
}
