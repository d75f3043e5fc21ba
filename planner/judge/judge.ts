import type { Gap, TerraformExport } from '../export/terraform';
import type { Defaults, PlannedResource } from './defaults';
import type { Diagnostic, Finding } from './findings';
import type { Workspace } from './runner';

/** What the AWS provider says of a graph. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** What was not judged, and why. */
  readonly gaps: readonly Gap[];
  /** What the provider fills in, by URN; empty where the configuration was refused. */
  readonly defaults: Defaults;
  /** The plan as `terraform show -json` prints it, for scanners; undefined where the configuration was refused. */
  readonly plan: Plan | undefined;
}

const REGION = 'us-east-1';

/** So that the provider asks nobody: it judges what it knows by itself. */
export const OFFLINE = {
  access_key: 'none',
  secret_key: 'none',
  skip_credentials_validation: true,
  skip_metadata_api_check: 'true',
  skip_region_validation: true,
  skip_requesting_account_id: true,
};

/** The configuration with providers that need no account. @param tables where DynamoDB is, if it may be asked */
export function offline(
  configuration: TerraformExport['configuration'],
  tables?: string,
): { [block: string]: unknown } {
  const { provider } = configuration as { provider?: { aws: readonly object[] } };
  const own = { ...OFFLINE, ...(tables !== undefined && { endpoints: [{ dynamodb: tables }] }) };
  const blocks = provider?.aws ?? [{}];
  return {
    ...configuration,
    provider: { aws: blocks.map((block) => ({ region: REGION, ...block, ...own })) },
  };
}

/** What the provider says of the configuration in the workspace before a plan. */
export async function validateIn(workspace: Workspace): Promise<Diagnostic[]> {
  const result = parsed<{ diagnostics: Diagnostic[] }>(
    await workspace.command('validate', '-json'),
    'validate',
  );
  return result.diagnostics.filter(({ summary }) => !OF_THE_JUDGE.test(summary));
}

/** What the runner says about our use of it, not about the configuration. */
const OF_THE_JUDGE = /^Provider development overrides are in effect$/;

interface Addressed {
  readonly address: string;
}

/** A plan, as `show -json` prints it, as far as it is read here. */
export interface Plan {
  readonly resource_changes?: readonly PlannedResource[];
  readonly planned_values?: {
    readonly root_module: {
      readonly resources?: readonly (Addressed & { readonly schema_version: number })[];
    };
  };
  readonly configuration?: {
    readonly root_module?: {
      readonly resources?: readonly (Addressed & {
        readonly expressions?: { readonly [name: string]: unknown };
      })[];
    };
  };
}

/** Plans what lies in the workspace. */
export async function planIn(
  workspace: Workspace,
  ...args: readonly string[]
): Promise<{ diagnostics: Diagnostic[]; plan: Plan | undefined }> {
  const planned = await workspace.command(
    'plan',
    '-json',
    '-input=false',
    '-lock=false',
    '-out=plan',
    ...args,
  );
  const diagnostics = planned.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { diagnostic?: Diagnostic })
    .flatMap(({ diagnostic }) => (diagnostic ? [diagnostic] : []))
    .filter(({ summary }) => !OF_THE_JUDGE.test(summary));
  if (planned.code !== 0) {
    if (!diagnostics.some(({ severity }) => severity === 'error')) {
      throw new Error(`the plan ended with ${planned.code} and no reason: ${planned.stderr.slice(-2000)}`);
    }
    return { diagnostics, plan: undefined };
  }
  const shown = await workspace.command('show', '-json', 'plan');
  return { diagnostics, plan: parsed<Plan>(shown, 'show') };
}

function parsed<T>(
  { stdout, stderr, code }: { stdout: string; stderr: string; code: number },
  command: string,
): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`${command} ended with ${code} and no JSON: ${(stderr || stdout).slice(-2000)}`);
  }
}
