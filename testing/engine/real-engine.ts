import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalWorkspace, PulumiCommand, type PulumiFn } from '@pulumi/pulumi/automation';
import { layOut, type Place } from './environment';
import { EngineStack } from './engine-stack';
import { StandInAws, type StandInOptions } from './stand-in-aws';

export interface RealEngineOptions {
  /** Path of the Pulumi CLI, 3.259 or newer. */
  readonly pulumi: string;
  readonly standIn?: StandInOptions;
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

  private constructor(aws: StandInAws, place: Place, command: PulumiCommand) {
    this.aws = aws;
    this.#place = place;
    this.#command = command;
  }

  /** @throws Error when the CLI does not run or is too old for the SDK. */
  static async start({ pulumi, standIn }: RealEngineOptions): Promise<RealEngine> {
    const folder = mkdtempSync(join(tmpdir(), 'aws-media-engine-'));
    let aws: StandInAws | undefined;
    try {
      aws = await StandInAws.start(standIn);
      const place = layOut(folder, pulumi, aws.environment.PULUMI_DEBUG_PROVIDERS);
      return new RealEngine(aws, place, await PulumiCommand.get({ root: place.root }));
    } catch (error) {
      aws?.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The folder that holds everything; gone after `stop`. */
  get folder(): string {
    return this.#place.folder;
  }

  /** A new stack of the project `project`, of which `program` is the code until a run is given another. */
  async stack(name: string, program: PulumiFn, project = 'media'): Promise<EngineStack> {
    const workDir = join(this.#place.folder, `${project}-${name}`);
    mkdirSync(workDir);
    const stack = await LocalWorkspace.createStack(
      { stackName: name, projectName: project, program },
      {
        workDir,
        projectSettings: { name: project, runtime: 'nodejs' },
        pulumiCommand: this.#command,
        // Undefined takes a variable away, which the type does not know.
        envVars: this.#place.environment as Record<string, string>,
      },
    );
    return new EngineStack(stack);
  }

  /** Runs the CLI itself in a folder, as a user would type it: `cli(['preview'], project)`. */
  async cli(args: readonly string[], cwd: string, timeoutMs = COMMAND_MS): Promise<CommandResult> {
    const child = spawn(join(this.#place.root, 'bin/pulumi'), [...args, '--non-interactive'], {
      cwd,
      env: { ...process.env, ...this.#place.environment },
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

  /** Closes the stand-in and removes the folder. */
  stop(): void {
    this.aws.stop();
    rmSync(this.#place.folder, { recursive: true, force: true });
  }
}
