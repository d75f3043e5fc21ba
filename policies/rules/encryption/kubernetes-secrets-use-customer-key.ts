import { blocks, compliant, hasOwnKey, resourceRule, texts, violating } from '../../core';

export const kubernetesSecretsUseCustomerKey = resourceRule({
  id: 'kubernetes-secrets-use-customer-key',
  family: 'encryption',
  title: 'Every EKS cluster encrypts its secrets with a key of the customer',
  severity: 'low',
  controls: ['AWS FSBP EKS.3'],
  why: 'EKS encrypts with a key of AWS, which nobody can take away or audit; a key of the customer makes reading stream keys from etcd a permission of its own.',
  fix: "`encryptionConfig: { provider: { keyArn: key.arn }, resources: ['secrets'] }`; it cannot be undone",
  levels: { starter: 'disabled', production: 'advisory', regulated: 'mandatory' },
  looksAt: ['aws:eks/cluster:Cluster'],
  check: (cluster) =>
    blocks(cluster, 'encryptionConfig').some(
      (each) => texts(each, 'resources').includes('secrets') && hasOwnKey(each, 'provider.keyArn'),
    )
      ? compliant
      : violating('no key of the customer encrypts its secrets'),
});
