import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** What judges: a Terraform (or OpenTofu) executable, and the folder of the AWS provider's. */
export interface JudgeTools {
  readonly runner: string;
  readonly provider: string;
}

/** The provider that scripts/judge.sh builds. */
export const PROVIDER_VERSION = '6.47.1';
const TOFU_VERSION = '1.10.6';

/** A command takes a few seconds; a first one on a slow disk reads 900 MB. */
const COMMAND_MS = 180_000;

const run = promisify(execFile);

/** Where scripts/judge.sh puts what it builds. */
function cache(): string {
  return path.join(
    process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'),
    'pulumi-aws-media',
    'judge',
  );
}

/** @returns what is missing, in words, where there is no judge on this machine */
export async function findJudge(): Promise<JudgeTools | string> {
  const provider = path.join(cache(), `aws-${PROVIDER_VERSION}`);
  if (!existsSync(path.join(provider, 'terraform-provider-aws'))) {
    return `the Terraform AWS provider ${PROVIDER_VERSION} is not built: make judge builds it, once, in about 25 minutes`;
  }
  const tofu = path.join(cache(), `tofu-${TOFU_VERSION}`, 'tofu');
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const runner = path.join(folder, 'terraform');
    if (folder !== '' && (await executable(runner))) return { runner, provider };
  }
  if (await executable(tofu)) return { runner: tofu, provider };
  return 'there is no terraform on PATH, and no OpenTofu: make judge builds one';
}

async function executable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** A folder in which the runner works on one configuration, with no account, no registry and no state but ours. */
export class Workspace {
  readonly folder: string;
  readonly #tools: JudgeTools;

  private constructor(folder: string, tools: JudgeTools) {
    this.folder = folder;
    this.#tools = tools;
  }

  static async open(tools: JudgeTools): Promise<Workspace> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'aws-media-judge-'));
    const workspace = new Workspace(folder, tools);
    // Without it the runner would look for the provider in a registry.
    await workspace.write(
      'terraform.rc',
      `provider_installation {\n  dev_overrides {\n    "hashicorp/aws" = ${JSON.stringify(tools.provider)}\n  }\n  direct {}\n}\n`,
    );
    return workspace;
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(path.join(this.folder, name), text);
  }

  /** @returns standard output and exit code; a command's own errors are in its output (`-json`) */
  async command(...args: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }> {
    const environment: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      HOME: this.folder,
      TMPDIR: os.tmpdir(),
      TF_CLI_CONFIG_FILE: path.join(this.folder, 'terraform.rc'),
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      // Nothing of the user's own account may be met by accident.
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: path.join(this.folder, 'none'),
      AWS_CONFIG_FILE: path.join(this.folder, 'none'),
    };
    const options = { cwd: this.folder, env: environment, maxBuffer: 512 * 2 ** 20, timeout: COMMAND_MS };
    try {
      const { stdout, stderr } = await run(this.#tools.runner, [...args], options);
      return { stdout, stderr, code: 0 };
    } catch (error) {
      const {
        stdout = '',
        stderr = '',
        code,
        killed,
      } = error as {
        stdout?: string;
        stderr?: string;
        code?: number | string;
        killed?: boolean;
      };
      if (killed)
        throw new Error(`${args.join(' ')} took longer than ${COMMAND_MS / 1000} s and was stopped`);
      if (typeof code !== 'number') throw error;
      return { stdout, stderr, code };
    }
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
