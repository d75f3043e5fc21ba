import type { Position } from '../../graph/types';

/** Why something of the graph is not, or not exactly, in the export. */
export type GapReason =
  | 'type' // the Terraform provider has no such type
  | 'input' // nor such an argument
  | 'provider' // of another provider
  | 'read' // read, not made
  | 'output' // a value of an output that Terraform has under no known name
  | 'value' // changed on the way, or not known before an update: not known in the plan either
  | 'call' // the provider would ask AWS
  | 'expanded'; // a component whose children are not in the graph

/** What the export leaves out: it is not judged. */
export interface Gap {
  readonly urn: string;
  readonly reason: GapReason;
  /** The path of the input, where it is about one. */
  readonly property?: string;
  /** In one sentence. */
  readonly message: string;
}

/** Where a resource went, and from where it came. */
export interface ExportedResource {
  /** `aws_s3_bucket.media_general` */
  readonly address: string;
  readonly urn: string;
  readonly token: string;
  /** The names from the stack down: `media/general`. */
  readonly path: string;
  readonly position: Position | null;
}

export interface TerraformExport {
  /** The configuration, in Terraform's JSON syntax. */
  readonly configuration: { readonly [block: string]: unknown };
  /** By address. */
  readonly resources: ReadonlyMap<string, ExportedResource>;
  /** By the path in the configuration, as text (`pathKey`), the path of the Pulumi input. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly gaps: readonly Gap[];
}
