/** Who reaches whom: CloudFront the load balancer, the load balancer the tasks, the tasks AWS. */
import * as ec2 from '@pulumi/aws/ec2';
import * as vpc from '@pulumi/aws/vpc';
import type * as cloudfront from '@pulumi/aws/cloudfront';
import type * as pulumi from '@pulumi/pulumi';
import { PORTS } from '../../encoder/contract';
import { OriginAdmission } from './args';
import { childOf, made, type Family } from './family';

/** As raw resources. */
export interface OriginSecurityNodes {
  /** Of the load balancer. */
  readonly securityGroup: ec2.SecurityGroup;
  readonly taskSecurityGroup: ec2.SecurityGroup;
  readonly ingressRules: Readonly<Record<string, vpc.SecurityGroupIngressRule>>;
  readonly egressRules: Readonly<Record<string, vpc.SecurityGroupEgressRule>>;
}

/** What tasks listen on. */
export const TASK_PORTS = { media: PORTS.originHttp, health: PORTS.originMetrics } as const;

/** Amazon CloudFront Developer Guide, "Restrict access with VPC origins": of all VPC origins of a VPC. */
const VPC_ORIGINS_GROUP = 'CloudFront-VPCOrigins-Service-SG';
/** Amazon CloudFront Developer Guide, "Locations and IP address ranges of CloudFront edge servers". */
const PREFIX_LIST = 'com.amazonaws.global.cloudfront.origin-facing';

export function createSecurity(family: Family): OriginSecurityNodes {
  const securityGroup = createGroup(
    family,
    'balancer-group',
    'Load balancer of the live origin: CloudFront in, tasks out',
  );
  const taskSecurityGroup = createGroup(
    family,
    'tasks',
    'Tasks of the live origin: load balancer in, HTTPS out',
  );
  const ingressRules: Record<string, vpc.SecurityGroupIngressRule> = {};
  const egressRules: Record<string, vpc.SecurityGroupEgressRule> = {};
  for (const [what, port] of Object.entries(TASK_PORTS)) {
    const ports = { ipProtocol: 'tcp', fromPort: port, toPort: port };
    const out = made(family, `balancer-${what}-out`);
    egressRules[what] = new vpc.SecurityGroupEgressRule(
      ...childOf<vpc.SecurityGroupEgressRuleArgs>(family, 'egressRule', out.child, {
        ...{ securityGroupId: securityGroup.id, referencedSecurityGroupId: taskSecurityGroup.id, ...ports },
        description: `To the tasks, ${what}`,
        tags: out.tags,
      }),
    );
    const into = made(family, `tasks-${what}-in`);
    ingressRules[what] = new vpc.SecurityGroupIngressRule(
      ...childOf<vpc.SecurityGroupIngressRuleArgs>(family, 'ingressRule', into.child, {
        ...{ securityGroupId: taskSecurityGroup.id, referencedSecurityGroupId: securityGroup.id, ...ports },
        description: `From the load balancer, ${what}`,
        tags: into.tags,
      }),
    );
  }
  const https = made(family, 'tasks-https-out');
  egressRules['https'] = new vpc.SecurityGroupEgressRule(
    ...childOf<vpc.SecurityGroupEgressRuleArgs>(family, 'egressRule', https.child, {
      securityGroupId: taskSecurityGroup.id,
      description: 'AWS services, by endpoints or NAT',
      cidrIpv4: '0.0.0.0/0',
      ...{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, tags: https.tags },
    }),
  );
  return { securityGroup, taskSecurityGroup, ingressRules, egressRules };
}

/** Without rules of its own, in or out: each is a resource, so that none of them stands in another's way. */
function createGroup(family: Family, suffix: string, description: string): ec2.SecurityGroup {
  const { child, name, tags } = made(family, suffix);
  const args: ec2.SecurityGroupArgs = { name, description, vpcId: family.args.network.vpcId, tags };
  return new ec2.SecurityGroup(...childOf(family, 'securityGroup', child, args));
}

/** @param vpcOrigin with which CloudFront makes the group that is let in, where there was none */
export function admitCloudFront(
  family: Family,
  { securityGroup }: OriginSecurityNodes,
  vpcOrigin: cloudfront.VpcOrigin,
  port: number,
): vpc.SecurityGroupIngressRule {
  const { child, tags } = made(family, 'balancer-cloudfront-in');
  const args: vpc.SecurityGroupIngressRuleArgs = {
    securityGroupId: securityGroup.id,
    ...admitted(family, vpcOrigin),
    ...{ ipProtocol: 'tcp', fromPort: port, toPort: port },
    description: 'From CloudFront',
    tags,
  };
  return new vpc.SecurityGroupIngressRule(
    ...childOf(family, 'ingressRule', child, args, { dependsOn: [vpcOrigin] }),
  );
}

function admitted(
  { component, args }: Family,
  vpcOrigin: cloudfront.VpcOrigin,
):
  | { readonly referencedSecurityGroupId: pulumi.Output<string> }
  | { readonly prefixListId: pulumi.Output<string> } {
  if (args.admit === OriginAdmission.PrefixList) {
    const { id } = ec2.getManagedPrefixListOutput({ name: PREFIX_LIST }, { parent: component });
    return { prefixListId: id };
  }
  const { id } = ec2.getSecurityGroupOutput(
    { name: VPC_ORIGINS_GROUP, vpcId: args.network.vpcId },
    { parent: component, dependsOn: [vpcOrigin] },
  );
  return { referencedSecurityGroupId: id };
}
