/** What AWS publishes, as tools/aws-models keeps it in files. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** Where data is from: a package, its version, and the day of its content where it says so. */
export interface Origin {
  readonly package: string;
  readonly version: string;
  readonly date?: string;
}

/** A shape of botocore's, with names instead of references. */
export interface Shape {
  readonly type: string;
  readonly members?: { readonly [name: string]: string };
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

export interface Length {
  readonly min?: number;
  readonly max: number;
  readonly source: string;
}

export interface Shapes {
  readonly from: Origin;
  readonly roots: { readonly [name: string]: string };
  readonly shapes: { readonly [name: string]: Shape };
  readonly lengths: { readonly [document: string]: Length };
}

/** By action: positions of its resources among the service's `arns`, and of its condition keys among `keys`. */
export type WrittenAction = readonly [arns: readonly number[], keys: readonly number[]];

export interface WrittenService {
  /** Templates such as `arn:${Partition}:s3:::${BucketName}`. */
  readonly arns: readonly string[];
  /** Condition keys of the service, with their types. */
  readonly keys: { readonly [key: string]: string };
  readonly actions: { readonly [name: string]: WrittenAction };
}

export interface WrittenReference {
  readonly from: Origin;
  /** Condition keys of all services, with their types. */
  readonly global: { readonly [key: string]: string };
  /** What services are called where they sign and answer. */
  readonly serviceNames: readonly string[];
  readonly services: { readonly [prefix: string]: WrittenService };
}

// From dist/testing/aws-models to the files in the package's own folder.
const FOLDER = path.join(__dirname, '../../../testing/aws-models');

let shapes: Shapes | undefined;
let reference: WrittenReference | undefined;

/** Read once. */
export function shapesOf(): Shapes {
  shapes ??= JSON.parse(readFileSync(path.join(FOLDER, 'shapes.json'), 'utf8')) as Shapes;
  return shapes;
}

/** Read and unpacked once: 20 ms. */
export function writtenReference(): WrittenReference {
  const packed = () => readFileSync(path.join(FOLDER, 'iam-reference.json.br'));
  reference ??= JSON.parse(brotliDecompressSync(packed()).toString()) as WrittenReference;
  return reference;
}
