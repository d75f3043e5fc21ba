import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { same } from '../graph/values';
import type { GraphValue, Position, ResourceOptions } from '../graph/types';
import type { Alias } from '@pulumi/pulumi/proto/alias_pb';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import type { SourcePosition } from '@pulumi/pulumi/proto/source_pb';

/** The options that say something; what is at its default is left out. */
export function optionsOf(request: RegisterResourceRequest): ResourceOptions {
  const aliases = unique([...request.getAliasurnsList(), ...request.getAliasesList().map(aliasOf)]);
  const timeouts = timeoutsOf(request);
  const hooks = hooksOf(request);
  return {
    ...(request.getProtect() === true && { protect: true }),
    ...(aliases.length > 0 && { aliases }),
    ...list('ignoreChanges', request.getIgnorechangesList()),
    ...list('replaceOnChanges', request.getReplaceonchangesList()),
    ...list('additionalSecretOutputs', request.getAdditionalsecretoutputsList()),
    ...(request.getDeletebeforereplace() && { deleteBeforeReplace: true }),
    ...(request.getRetainondelete() === true && { retainOnDelete: true }),
    ...(request.getDeletedwith() !== '' && { deletedWith: request.getDeletedwith() }),
    ...(request.getImportid() !== '' && { importId: request.getImportid() }),
    ...(request.getVersion() !== '' && { version: request.getVersion() }),
    ...(Object.keys(timeouts).length > 0 && { customTimeouts: timeouts }),
    ...(Object.keys(hooks).length > 0 && { hooks }),
  };
}

function list(name: string, values: string[]): { [name: string]: string[] } {
  return values.length > 0 ? { [name]: values } : {};
}

function aliasOf(alias: Alias): GraphValue {
  if (alias.hasUrn()) return alias.getUrn();
  const spec = alias.getSpec();
  const parts = {
    name: spec?.getName() ?? '',
    type: spec?.getType() ?? '',
    stack: spec?.getStack() ?? '',
    project: spec?.getProject() ?? '',
    parentUrn: spec?.getParenturn() ?? '',
  };
  return {
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== '')),
    ...(spec?.getNoparent() === true && { noParent: true }),
  };
}

/** The provider's own aliases come twice from the SDK. */
function unique(values: GraphValue[]): GraphValue[] {
  return values.filter((value, n) => values.findIndex((other) => same(value, other)) === n);
}

function timeoutsOf(request: RegisterResourceRequest): { create?: string; update?: string; delete?: string } {
  const timeouts = request.getCustomtimeouts();
  if (!timeouts) return {};
  const all = { create: timeouts.getCreate(), update: timeouts.getUpdate(), delete: timeouts.getDelete() };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

function hooksOf(request: RegisterResourceRequest): { [moment: string]: readonly string[] } {
  const hooks = request.getHooks();
  if (!hooks) return {};
  const all = {
    beforeCreate: hooks.getBeforeCreateList(),
    afterCreate: hooks.getAfterCreateList(),
    beforeUpdate: hooks.getBeforeUpdateList(),
    afterUpdate: hooks.getAfterUpdateList(),
    beforeDelete: hooks.getBeforeDeleteList(),
    afterDelete: hooks.getAfterDeleteList(),
    onError: hooks.getOnErrorList(),
  };
  return Object.fromEntries(Object.entries(all).filter(([, names]) => names.length > 0));
}

/** A position in the program's folder; one outside it is given by its last two names, so no machine's path shows. */
export function positionOf(source: SourcePosition | undefined, folder: string): Position | null {
  if (!source) return null;
  const uri = source.getUri();
  return placed(
    uri.startsWith('file:') ? fileURLToPath(uri) : uri.replace(/^project:\/\/\/?/, ''),
    source.getLine(),
    folder,
  );
}

export function placed(file: string, line: number, folder: string): Position {
  const relative = path.relative(folder, path.resolve(folder, file)).split(path.sep).join('/');
  return { file: relative.startsWith('..') ? relative.split('/').slice(-2).join('/') : relative, line };
}
