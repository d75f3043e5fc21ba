import { compliant, resourceRule, texts, violating } from '../../core';

export const kubernetesControlPlaneIsLogged = resourceRule({
  id: 'kubernetes-control-plane-is-logged',
  family: 'operations',
  title: 'The control plane of a Kubernetes cluster is logged',
  severity: 'medium',
  controls: ['AWS FSBP EKS.8'],
  why: 'Without the audit log nobody can say who deleted a deployment or read a secret.',
  fix: "enabledClusterLogTypes: ['api', 'audit', 'authenticator']",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:eks/cluster:Cluster'],
  settings: {
    logs: {
      description: 'Logs that have to be on: api, audit, authenticator, controllerManager, scheduler',
      type: 'array',
      items: { type: 'string' },
      default: ['audit'],
    },
  },
  check: (cluster, { logs }) => {
    const on = texts(cluster, 'enabledClusterLogTypes');
    const off = logs.filter((log) => !on.includes(log));
    return off.length === 0 ? compliant : violating(`logs that are off: ${off.join(', ')}`);
  },
});
