/** NVIDIA's device plugin, for the fleet's nodes alone, with time-slicing: several pods may have the one GPU. */
import { createHash } from 'node:crypto';
import type { core as types } from '@pulumi/kubernetes/types/input';
import type { DaemonSetArgs } from '@pulumi/kubernetes/apps/v1/daemonSet';
import type { ConfigMapArgs } from '@pulumi/kubernetes/core/v1/configMap';
import type * as pulumi from '@pulumi/pulumi';
import { labelsOf, objectOf, type ClusterPlace, type Family } from './family';
import { LABEL } from './names';

/** The raw resources of the device plugin. */
export interface DevicePluginNodes {
  readonly configMap: pulumi.CustomResource;
  readonly daemonSet: pulumi.CustomResource;
}

/** What a pod asks for to be given the GPU. */
export const GPU_RESOURCE = 'nvidia.com/gpu';

/**
 * How often a GPU is handed out: more often than any channels could be admitted by CPU, so that this never decides. The
 * smallest ladder is 73 times on the largest GPU at the whole of its rate (a test computes it). The same for all, so
 * that a channel that is added changes nothing of the plugin.
 */
export const TIME_SLICES = 100;

/** github.com/NVIDIA/k8s-device-plugin, README.md, "Shared Access to GPUs". */
const CONFIGURATION = `version: v1
flags:
  migStrategy: none
sharing:
  timeSlicing:
    renameByDefault: false
    failRequestsGreaterThanOne: true
    resources:
      - name: ${GPU_RESOURCE}
        replicas: ${TIME_SLICES}
`;

const NAME = 'nvidia-device-plugin';
const KUBELET_PLUGINS = '/var/lib/kubelet/device-plugins';

export function createDevicePlugin(
  family: Family,
  place: ClusterPlace,
  namespace: pulumi.Resource,
): DevicePluginNodes {
  const { args, packages } = family;
  const { core, apps } = packages.kubernetes;
  const labels = labelsOf(family, NAME);
  const configArgs: ConfigMapArgs = {
    metadata: { name: NAME, namespace: args.namespace, labels },
    data: { 'config.yaml': CONFIGURATION },
  };
  const config = `${family.name}-device-plugin-config`;
  const configMap = new core.v1.ConfigMap(
    ...objectOf(family, place, 'configMap', config, configArgs, { dependsOn: [namespace] }),
  );
  const setArgs: DaemonSetArgs = {
    metadata: {
      name: NAME,
      namespace: args.namespace,
      labels,
      // With Karpenter there may be no node yet.
      annotations: { 'pulumi.com/skipAwait': 'true' },
    },
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': NAME } },
      template: podTemplate(family, labels),
    },
  };
  const daemonSet = new apps.v1.DaemonSet(
    ...objectOf(family, place, 'daemonSet', `${family.name}-device-plugin`, setArgs, {
      dependsOn: [configMap],
    }),
  );
  return { configMap, daemonSet };
}

function podTemplate({ args }: Family, labels: Record<string, string>): types.v1.PodTemplateSpec {
  const checksum = createHash('sha256').update(CONFIGURATION).digest('hex');
  return {
    metadata: { labels, annotations: { 'aws-media/configuration': checksum } },
    spec: {
      priorityClassName: 'system-node-critical',
      automountServiceAccountToken: false,
      nodeSelector: { [LABEL.fleet]: args.label },
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'plugin',
          image: args.devicePluginImage,
          env: [{ name: 'CONFIG_FILE', value: '/config/config.yaml' }],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [
            { name: 'plugins', mountPath: KUBELET_PLUGINS },
            { name: 'config', mountPath: '/config', readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: 'plugins', hostPath: { path: KUBELET_PLUGINS } },
        { name: 'config', configMap: { name: NAME } },
      ],
    },
  };
}
