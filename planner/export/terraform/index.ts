export { exportTerraform, pathKey, type TerraformExportOptions } from './export';
export { Mapping, type MappedInput, type MappedResource, type MappedShape } from './mapping';
export { judgedReplacements, type JudgedInputs } from './replacement';
export { writeJson, type ValuePath, type WrittenJson } from './text';
export type * from './types';
