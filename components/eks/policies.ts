/** Who may assume the roles of a fleet on EKS, and the policies of its nodes. */

/** AWS's own policies of nodes: what the kubelet, the VPC CNI and the Pod Identity agent call, and pulling images. */
export const NODE_POLICIES = [
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonEC2ContainerRegistryPullOnly',
] as const;

/** @param like an ARN of the same partition */
export const managedPolicyArn = (like: string, policy: string): string =>
  `arn:${like.split(':')[1]}:iam::aws:policy/${policy}`;

/**
 * The pods of one service account of one cluster alone: EKS User Guide, "Create IAM role with trust policy required by
 * EKS Pod Identity".
 */
export function assumedByPods(clusterArn: string, namespace: string, serviceAccount: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': clusterArn,
            'aws:RequestTag/kubernetes-namespace': namespace,
            'aws:RequestTag/kubernetes-service-account': serviceAccount,
          },
        },
      },
    ],
  });
}
