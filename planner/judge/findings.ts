import { pathKey, type TerraformExport, type ValuePath } from '../export/terraform';
import type { Position } from '../graph/types';

/** What the provider says of one argument, in Pulumi's terms. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  /** The provider's own words. */
  readonly summary: string;
  readonly detail: string;
  /** Empty where the finding is about no resource of the program. */
  readonly urn: string;
  readonly token: string;
  /** The names from the stack down: `media/general`. */
  readonly path: string;
  /** The path of the Pulumi input: `rules[0].status`. Absent where it is about the whole resource. */
  readonly property?: string;
  readonly position: Position | null;
}

/** A diagnostic as the runner prints it with `-json`. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  readonly range?: { readonly start: { readonly line: number } };
  /** What stands on that line of the configuration. */
  readonly path?: ValuePath;
}

/** The provider's diagnostics, led back to the resources and inputs of the program. */
export function findingsOf(diagnostics: readonly Diagnostic[], exported: TerraformExport): Finding[] {
  const seen = new Set<string>();
  const found: Finding[] = [];
  for (const diagnostic of diagnostics) {
    const at = diagnostic.path;
    const resource = resourceAt(exported, at, diagnostic.address);
    const property = at && inputAt(exported, at, diagnostic);
    const finding: Finding = {
      severity: diagnostic.severity,
      summary: diagnostic.summary,
      detail: diagnostic.detail ?? '',
      urn: resource?.urn ?? '',
      token: resource?.token ?? '',
      path: resource?.path ?? '',
      ...(property !== undefined && { property }),
      position: resource?.position ?? null,
    };
    // validate and plan say the same of the same.
    const key = JSON.stringify([finding.summary, finding.detail, finding.urn, finding.property]);
    if (!seen.has(key)) found.push(finding);
    seen.add(key);
  }
  return found;
}

function resourceAt(exported: TerraformExport, at: ValuePath | undefined, address: string | undefined) {
  const [block, type, label] = at ?? [];
  const named = block === 'resource' ? exported.resources.get(`${type}.${label}`) : undefined;
  return (
    named ??
    (address === undefined ? undefined : exported.resources.get(address.replace(/^module\.[^.]+\./, '')))
  );
}

/** The innermost input around the place; where it is about the whole resource, one that the words name. */
function inputAt(
  exported: TerraformExport,
  at: ValuePath,
  { summary, detail }: Diagnostic,
): string | undefined {
  for (let length = at.length; length > 3; length--) {
    const property = exported.inputs.get(pathKey(at.slice(0, length)));
    if (property !== undefined) return property;
  }
  const names = [
    ...`${summary} ${detail ?? ''}`.matchAll(/"([a-z][a-z0-9_.]*)"|\b([a-z]+_[a-z0-9_]+)\b/g),
  ].map(([, quoted, plain]) => quoted ?? plain ?? '');
  for (const name of names) {
    const property = exported.inputs.get(pathKey([...at.slice(0, 3), ...name.split('.')]));
    if (property !== undefined) return property;
  }
  return undefined;
}

/** One finding as a line of a terminal. */
export function describeFinding({
  severity,
  summary,
  detail,
  path,
  token,
  property,
  position,
}: Finding): string {
  const where = path === '' ? '' : `${path} (${token})${property === undefined ? '' : `, ${property}`}: `;
  const line = position === null ? '' : ` [${position.file}:${position.line}]`;
  const said = detail === '' || detail.includes(summary) ? detail || summary : `${summary}: ${detail}`;
  return `${severity}: ${where}${said.replaceAll(/\s+/g, ' ').trim()}${line}`;
}
