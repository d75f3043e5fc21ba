/** Arguments of NvencEncodeFleetOnEks: those of NvencEncodeFleet that EKS has too, and those of the cluster. */
import type * as autoscaling from '@pulumi/aws/autoscaling';
import type * as ec2 from '@pulumi/aws/ec2';
import type * as awsEks from '@pulumi/aws/eks';
import type * as iam from '@pulumi/aws/iam';
import type * as eks from '@pulumi/eks';
import type * as pulumi from '@pulumi/pulumi';
import type { NvencEncodeFleetArgs } from '../encode/fleet';
import type { Transform } from '../kit';

/** Who starts and ends instances. */
export const EksNodes = {
  /** Managed node groups, with as many instances as the channels need by the capacity model. */
  Managed: 'managed',
  /** Karpenter, whose controller the cluster must have already. */
  Karpenter: 'karpenter',
} as const;
/** One of {@link EksNodes}. */
export type EksNodes = (typeof EksNodes)[keyof typeof EksNodes];

/** Instances for CoreDNS and what else a cluster needs besides channels. */
export interface SystemNodesArgs {
  /** Of amd64 or arm64; without a GPU. @default 't3.medium' */
  readonly instanceType?: string;
  /** 1 to 10. @default 2 */
  readonly count?: number;
}

/** What NvencEncodeFleet and this fleet take alike; the words are those of the former. */
type Shared = Pick<
  NvencEncodeFleetArgs,
  | 'network'
  | 'store'
  | 'image'
  | 'allowMutableTag'
  | 'channels'
  | 'ingest'
  | 'securityGroupIds'
  | 'zones'
  | 'instanceTypes'
  | 'allowUnlistedOffers'
  | 'purchase'
  | 'margin'
  | 'maxInstances'
  | 'diskGib'
  | 'deployment'
  | 'stopTimeoutSeconds'
  | 'environment'
  | 'tags'
>;

/**
 * Arguments of NvencEncodeFleetOnEks. `network`, `store`, `image`, `channels` and the others of NvencEncodeFleet mean what
 * they mean there; `environment` says whether a cluster that is made here is protected.
 */
export interface NvencEncodeFleetOnEksArgs extends Shared {
  /**
   * A cluster that is there: its Kubernetes API must be reachable from where the program runs, and it must have the
   * add-on `eks-pod-identity-agent`.
   * @default a new one, which needs two zones of the network and `apiSources`
   */
  readonly cluster?: eks.Cluster;
  /**
   * Who may call the Kubernetes API of a new cluster over the internet: IPv4 ranges in CIDR form. The program is one of
   * them, because it makes Kubernetes objects. `[]`: nobody, so the program must run in the VPC. There is no default.
   * @example ['203.0.113.7/32']
   */
  readonly apiSources?: readonly pulumi.Input<string>[];
  /** Of a new cluster, as `1.34`. @default EKS's, at the time when the cluster is made */
  readonly kubernetesVersion?: string;
  /** Of a new cluster. @default { instanceType: 't3.medium', count: 2 } */
  readonly systemNodes?: SystemNodesArgs;
  /** @default EksNodes.Managed */
  readonly nodes?: EksNodes;
  /**
   * Instances that each managed node group with channels has besides those that the channels need, 0 to 10: a channel
   * whose instance fails starts there at once, instead of when EC2 has started another.
   * @default 0
   */
  readonly spareInstances?: number;
  /**
   * CPU requests of all DaemonSets of an instance together, in thousandths of a vCPU, 0 to 2000. The default is of the
   * VPC CNI (50) and kube-proxy (100).
   * @default 150
   */
  readonly daemonSetMillicores?: number;
  /** Namespace of everything that is made in Kubernetes, which is made too. @default by project, stack and name */
  readonly namespace?: string;
  /**
   * NVIDIA's device plugin. Give a digest: a tag can be another image at the next start.
   * @default 'nvcr.io/nvidia/k8s-device-plugin:v0.18.2'
   */
  readonly devicePluginImage?: pulumi.Input<string>;
}

/** Arguments of a Kubernetes object, as `@pulumi/kubernetes` takes them. */
export interface KubernetesObjectArgs {
  [property: string]: unknown;
}

/** Changes to children, in TypeScript only: functions don't cross languages. */
export interface NvencEncodeFleetOnEksTransforms {
  readonly cluster?: Transform<eks.ClusterOptions>;
  readonly addon?: Transform<awsEks.AddonArgs>;
  readonly nodeRole?: Transform<iam.RoleArgs>;
  readonly nodePolicy?: Transform<iam.RolePolicyAttachmentArgs>;
  readonly accessEntry?: Transform<awsEks.AccessEntryArgs>;
  readonly launchTemplate?: Transform<ec2.LaunchTemplateArgs>;
  readonly nodeGroup?: Transform<eks.ManagedNodeGroupArgs>;
  readonly attachment?: Transform<autoscaling.AttachmentArgs>;
  readonly channelRole?: Transform<iam.RoleArgs>;
  readonly podIdentity?: Transform<awsEks.PodIdentityAssociationArgs>;
  readonly provider?: Transform<KubernetesObjectArgs>;
  readonly namespace?: Transform<KubernetesObjectArgs>;
  readonly configMap?: Transform<KubernetesObjectArgs>;
  readonly daemonSet?: Transform<KubernetesObjectArgs>;
  readonly serviceAccount?: Transform<KubernetesObjectArgs>;
  readonly deployment?: Transform<KubernetesObjectArgs>;
  readonly nodeClass?: Transform<KubernetesObjectArgs>;
  readonly nodePool?: Transform<KubernetesObjectArgs>;
}

/** The kinds of child that can be changed. */
export const EKS_TRANSFORMS = [
  'cluster',
  'addon',
  'nodeRole',
  'nodePolicy',
  'accessEntry',
  'launchTemplate',
  'nodeGroup',
  'attachment',
  'channelRole',
  'podIdentity',
  'provider',
  'namespace',
  'configMap',
  'daemonSet',
  'serviceAccount',
  'deployment',
  'nodeClass',
  'nodePool',
] as const satisfies readonly (keyof NvencEncodeFleetOnEksTransforms)[];

/** Options of the resource, and changes to its children. */
export interface NvencEncodeFleetOnEksOptions extends pulumi.ComponentResourceOptions {
  /** One property a kind of child: properties to set, or a function of arguments, options and name. */
  readonly transform?: NvencEncodeFleetOnEksTransforms;
}
