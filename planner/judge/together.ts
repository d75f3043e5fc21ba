import { exportTerraform, writeJson, type ExportedResource, type TerraformExport } from '../export/terraform';
import { defaultsOf } from './defaults';
import { findingsOf, type Diagnostic } from './findings';
import { offline, planIn, validateIn, type Plan, type Verdict } from './judge';
import { Workspace, type JudgeTools } from './runner';
import type { Graph } from '../graph/types';

/** One of the programs that are judged together. */
interface Part {
  readonly name: string;
  readonly prefix: string;
  readonly graph: Graph;
  /** What the provider would ask AWS about, by URN: left out, and said to be. */
  readonly without: Map<string, string>;
  readonly diagnostics: Diagnostic[];
  exported: TerraformExport;
  refused: boolean;
}

/** Some types are validated by AWS itself, such as state machines. */
const ASKED_AWS = /request send failed|dial tcp|no such host/;

/** Has a graph validated and planned by the real AWS provider. */
export async function judge(graph: Graph, tools: JudgeTools): Promise<Verdict> {
  const { program } = await judgeTogether({ program: graph }, tools);
  return program!;
}

/**
 * Judges several programs in one configuration: the provider takes longer to start than to judge. The verdicts are those
 * that each program would get alone.
 */
export async function judgeTogether(
  programs: { readonly [name: string]: Graph },
  tools: JudgeTools,
): Promise<{ [name: string]: Verdict }> {
  const parts = Object.entries(programs).map(([name, graph], n): Part => {
    const prefix = `p${n}__`;
    const without = new Map<string, string>();
    const exported = exportedPart(graph, prefix, without);
    return { name, prefix, graph, without, exported, diagnostics: [], refused: false };
  });
  const workspace = await Workspace.open(tools);
  try {
    let plan: Plan | undefined;
    let validated = false;
    // A program that is refused leaves, and the others are planned without it.
    while (plan === undefined && parts.some(({ refused }) => !refused)) {
      const accepted = parts.filter(({ refused }) => !refused);
      const written = writeJson(offline(merged(accepted)));
      await workspace.write('main.tf.json', written.text);
      const result = validated
        ? await planIn(workspace)
        : { diagnostics: await validateIn(workspace), plan: undefined };
      const again = assign(result.diagnostics, accepted, written.pathOfLine);
      if (validated && !again) plan = result.plan;
      validated = true;
    }
    return Object.fromEntries(parts.map((part) => [part.name, verdictOf(part, plan)]));
  } finally {
    await workspace.close();
  }
}

/** The blocks of all, with providers of one configuration made one: each is a process of its own. */
function merged(parts: readonly Part[]): { [block: string]: unknown } {
  const aliases = new Map<string, string>();
  const blocks: object[] = [];
  const resource: { [type: string]: { [label: string]: unknown } } = {};
  for (const { exported } of parts) {
    const { configuration } = exported;
    const { provider } = configuration as { provider?: { aws: readonly { alias?: string }[] } };
    const renamed = new Map<string | undefined, string>();
    for (const { alias, ...rest } of provider?.aws ?? [{}]) {
      const key = JSON.stringify(rest);
      const known = aliases.get(key) ?? `shared_${aliases.size}`;
      if (!aliases.has(key)) blocks.push({ alias: known, ...rest });
      aliases.set(key, known);
      renamed.set(alias, known);
    }
    for (const [type, labels] of Object.entries(configuration['resource'] as typeof resource)) {
      for (const [label, fields] of Object.entries(labels)) {
        const own = (fields as { provider?: string }).provider;
        const alias = renamed.get(own?.slice('aws.'.length)) ?? [...renamed.values()][0];
        (resource[type] ??= {})[label] =
          type === 'terraform_data' ? fields : { ...(fields as object), provider: `aws.${alias}` };
      }
    }
  }
  return { ...parts[0]!.exported.configuration, provider: { aws: blocks }, resource };
}

function exportedPart(graph: Graph, prefix: string, without: ReadonlyMap<string, string>): TerraformExport {
  return exportTerraform(graph, { secrets: 'unknown', lifecycle: false, labelPrefix: prefix, without });
}

/** Gives each program its diagnostics. @returns whether any is not yet to be planned as it is */
function assign(
  diagnostics: readonly Diagnostic[],
  parts: readonly Part[],
  pathOfLine: ReturnType<typeof writeJson>['pathOfLine'],
): boolean {
  let again = false;
  for (const diagnostic of diagnostics) {
    const label = String(diagnostic.range ? pathOfLine[diagnostic.range.start.line]?.[2] : '');
    const own = parts.find(
      ({ prefix }) => label.startsWith(prefix) || diagnostic.address?.includes(`.${prefix}`),
    );
    if (!own) {
      if (diagnostic.severity === 'error') {
        throw new Error(
          `the judge failed outside any program: ${diagnostic.summary}: ${diagnostic.detail ?? ''}`,
        );
      }
      continue;
    }
    const path = diagnostic.range && pathOfLine[diagnostic.range.start.line];
    if (ASKED_AWS.test(diagnostic.summary)) {
      const resource = own.exported.resources.get(diagnostic.address ?? `${path?.[1]}.${path?.[2]}`);
      if (!resource || own.without.has(resource.urn))
        throw new Error(`the provider asked AWS: ${diagnostic.summary}`);
      own.without.set(resource.urn, `${resource.token} is validated by AWS itself`);
      own.exported = exportedPart(own.graph, own.prefix, own.without);
      again = true;
      continue;
    }
    own.diagnostics.push({ ...diagnostic, ...(path && { path }) });
    if (diagnostic.severity === 'error') again = own.refused = true;
  }
  return again;
}

function verdictOf({ exported, diagnostics, refused, prefix }: Part, plan: Plan | undefined): Verdict {
  const own = refused || plan === undefined ? undefined : planOf(plan, exported.resources);
  return {
    findings: findingsOf(diagnostics, exported),
    gaps: exported.gaps,
    defaults: own ? defaultsOf(own, exported) : {},
    plan: own && (JSON.parse(JSON.stringify(own).replaceAll(prefix, '')) as Plan),
  };
}

/** The part of a plan that is about these resources. */
function planOf(plan: Plan, resources: ReadonlyMap<string, ExportedResource>): Plan {
  const own = <T extends { readonly address: string }>(all: readonly T[] | undefined): T[] =>
    (all ?? []).filter(({ address }) => resources.has(address));
  const { planned_values, configuration } = plan;
  return {
    ...plan,
    resource_changes: own(plan.resource_changes),
    ...(planned_values && {
      planned_values: {
        ...planned_values,
        root_module: { resources: own(planned_values.root_module.resources) },
      },
    }),
    ...(configuration && {
      configuration: {
        ...configuration,
        root_module: { resources: own(configuration.root_module?.resources) },
      },
    }),
  };
}
