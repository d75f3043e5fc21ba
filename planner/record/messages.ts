import * as proto from '@pulumi/pulumi/proto/resource_pb';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import type { Fields } from '../graph/values';

type Plain = Parameters<typeof Struct.fromJavaScript>[0];

/** Through JSON: a Struct takes no undefined. */
export function struct(fields: Fields): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(fields)) as Plain);
}

/** Answers, from what they hold. */
export const create = {
  registered(urn: string, id: string, outputs: Fields): proto.RegisterResourceResponse {
    return new proto.RegisterResourceResponse().setUrn(urn).setId(id).setObject(struct(outputs));
  },
  read(urn: string, outputs: Fields): proto.ReadResourceResponse {
    return new proto.ReadResourceResponse().setUrn(urn).setProperties(struct(outputs));
  },
  invoked(result: Fields): proto.ResourceInvokeResponse {
    return new proto.ResourceInvokeResponse().setReturn(struct(result));
  },
};

const FEATURE = proto.ResourceMonitorFeature;

/** What this monitor can do. Outputs as values are left out, so the SDK sends none. */
export const FEATURES: readonly proto.ResourceMonitorFeature[] = [
  FEATURE.RESOURCE_MONITOR_FEATURE_SECRETS,
  FEATURE.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  FEATURE.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
  FEATURE.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
  FEATURE.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
  FEATURE.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
  FEATURE.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
  FEATURE.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
  FEATURE.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
  FEATURE.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
  FEATURE.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
];
