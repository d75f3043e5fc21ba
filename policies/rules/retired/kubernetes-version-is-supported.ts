import { compliant, notApplicable, resourceRule, text, violating } from '../../core';

const minor = (version: string): number => Number(/^1\.(\d+)/.exec(version)?.[1] ?? NaN);

export const kubernetesVersionIsSupported = resourceRule({
  id: 'kubernetes-version-is-supported',
  family: 'retired',
  title: 'A Kubernetes cluster has a version in standard support',
  severity: 'medium',
  controls: ['AWS FSBP EKS.2'],
  why: 'After 14 months a version costs six times as much an hour, and a year later AWS upgrades the cluster by itself.',
  fix: "version: '1.35'. Upgrade one minor version at a time, add-ons first.",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:eks/cluster:Cluster'],
  settings: {
    oldest: {
      // 1.33 left standard support on 2026-07-29: Amazon EKS User Guide, "Kubernetes version lifecycle", read on 2026-11-21.
      description: 'Oldest version that is allowed',
      type: 'string',
      default: '1.34',
    },
  },
  check: (cluster, { oldest }) => {
    const version = text(cluster, 'version');
    if (!version) return notApplicable('AWS takes the latest version');
    return minor(version) >= minor(oldest)
      ? compliant
      : violating(`its version is ${version}, and the oldest allowed is ${oldest}`);
  },
});
