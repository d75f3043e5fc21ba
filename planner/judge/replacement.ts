import { exportTerraform, pathKey, writeJson, type TerraformExport } from '../export/terraform';
import { Mapping } from '../export/terraform/mapping';
import { offline, planIn, type Plan } from './judge';
import { Workspace, type JudgeTools } from './runner';
import { startTableService } from './table-service';
import type { PlannedResource } from './defaults';
import type { Graph, GraphResource } from '../graph/types';

/** What an update would do with one resource, as the provider says. */
export interface Change {
  readonly urn: string;
  readonly action: 'create' | 'update' | 'replace' | 'delete' | 'same';
  /** The paths of the inputs that make it a replacement: `['bucket']`. */
  readonly replaces: readonly string[];
}

/**
 * What AWS's provider would do between two versions of a program, with no AWS call: the state after the first is put
 * together from its plan and the doubles' values, then the second is planned against it.
 * @param oldNames by URN of the second version, that of the first, where an alias leads from one to the other
 * @throws Error where one of the two is refused, with the provider's reason
 */
export async function changesBetween(
  before: Graph,
  after: Graph,
  tools: JudgeTools,
  oldNames: ReadonlyMap<string, string> = new Map(),
): Promise<Change[]> {
  const [first, second] = [before, after].map((graph) =>
    exportTerraform(graph, { secrets: 'unknown', lifecycle: false }),
  ) as [TerraformExport, TerraformExport];
  const workspace = await Workspace.open(tools);
  const tables = await startTableService();
  try {
    const plan = await accepted(workspace, first, 'the version before', tables.url);
    const state = stateAfter(plan, first, before, addresses(first, second, oldNames));
    await workspace.write('terraform.tfstate', JSON.stringify(state));
    const change = await accepted(workspace, second, 'the version after', tables.url, '-refresh=false');
    return changes(change, second, first);
  } finally {
    tables.stop();
    await workspace.close();
  }
}

async function accepted(
  workspace: Workspace,
  exported: TerraformExport,
  which: string,
  tables: string,
  ...args: readonly string[]
): Promise<Plan> {
  await workspace.write('main.tf.json', writeJson(offline(exported.configuration, tables)).text);
  const { plan, diagnostics } = await planIn(workspace, ...args);
  if (plan) return plan;
  const reasons = diagnostics.map(
    ({ address, summary, detail }) => `${address ?? ''} ${summary}: ${detail ?? ''}`,
  );
  throw new Error(`${which} is refused by the provider: ${reasons.join('; ')}`);
}

/** By address of the first version, the address in the second. */
function addresses(
  first: TerraformExport,
  second: TerraformExport,
  oldNames: ReadonlyMap<string, string>,
): Map<string, string> {
  const was = new Map([...first.resources.values()].map(({ urn, address }) => [urn, address]));
  return new Map(
    [...second.resources.values()].flatMap(({ urn, address }): [string, string][] => {
      const old = was.get(oldNames.get(urn) ?? urn);
      return old === undefined ? [] : [[old, address]];
    }),
  );
}

interface StateResource {
  readonly mode: 'managed';
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly instances: readonly { readonly schema_version: number; readonly attributes: object }[];
}

/** A state of version 4, as Terraform writes it after an update. */
function stateAfter(
  plan: Plan,
  exported: TerraformExport,
  graph: Graph,
  moved: ReadonlyMap<string, string>,
): object {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const versions = new Map(
    (plan.planned_values?.root_module.resources ?? []).map((each) => [each.address, each]),
  );
  const resources: StateResource[] = [];
  for (const planned of plan.resource_changes ?? []) {
    const { address } = planned;
    const resource = byUrn.get(exported.resources.get(address)?.urn ?? '');
    if (!resource) continue;
    const [type, name] = (moved.get(address) ?? address).split('.') as [string, string];
    const configured = exported.configuration['resource'] as { [type: string]: { [name: string]: object } };
    const alias = (configured[planned.type]?.[address.split('.')[1]!] as { provider?: string } | undefined)
      ?.provider;
    resources.push({
      ...{ mode: 'managed', type, name },
      provider: `provider["registry.terraform.io/hashicorp/aws"]${alias === undefined ? '' : `.${alias.slice(4)}`}`,
      instances: [
        {
          schema_version: versions.get(address)?.schema_version ?? 0,
          attributes: attributes(planned, resource),
        },
      ],
    });
  }
  return { version: 4, terraform_version: '1.8.0', serial: 1, lineage: 'a', outputs: {}, resources };
}

/** What the plan knows, and for the rest what the doubles made up, so that references still lead to the same. */
function attributes({ change }: PlannedResource, resource: GraphResource): { [name: string]: unknown } {
  const set: { [name: string]: unknown } = { ...change.after };
  const mapped = Mapping.load().resource(resource.type)!;
  for (const name of Object.keys(change.after_unknown)) set[name] ??= null;
  for (const [output, value] of Object.entries(resource.outputs)) {
    const name = mapped.outputs.get(output) ?? mapped.inputs.get(output)?.name;
    if (name !== undefined && change.after_unknown[name] === true) set[name] = value;
  }
  set['id'] = resource.id ?? resource.token;
  return set;
}

function changes(plan: Plan, exported: TerraformExport, before: TerraformExport): Change[] {
  const found: Change[] = [];
  for (const { address, change } of plan.resource_changes ?? []) {
    const resource = exported.resources.get(address) ?? before.resources.get(address);
    if (!resource) continue;
    const [type, label] = address.split('.') as [string, string];
    const replaces = (change.replace_paths ?? []).map(
      (path) => propertyAt(exported, ['resource', type, label, ...path]) ?? path.join('.'),
    );
    found.push({ urn: resource.urn, action: actionOf(change.actions), replaces });
  }
  return found;
}

/** The input at a path, or the nearest around it: a block of which there is one has no number in Pulumi. */
function propertyAt(exported: TerraformExport, path: readonly (string | number)[]): string | undefined {
  for (let length = path.length; length > 3; length--) {
    const property = exported.inputs.get(pathKey(path.slice(0, length)));
    if (property !== undefined) return property;
  }
  return undefined;
}

function actionOf(actions: readonly string[]): Change['action'] {
  if (actions.includes('create') && actions.includes('delete')) return 'replace';
  const [action] = actions;
  return action === 'create' || action === 'update' || action === 'delete' ? action : 'same';
}
