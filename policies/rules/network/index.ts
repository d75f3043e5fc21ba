import { computeRunsInPrivateSubnets } from './compute-runs-in-private-subnets';
import { databaseIsNotPublic } from './database-is-not-public';
import { defaultSecurityGroupIsClosed } from './default-security-group-is-closed';
import { instanceHasNoPublicAddress } from './instance-has-no-public-address';
import { instanceMetadataNeedsAToken } from './instance-metadata-needs-a-token';
import { kubernetesApiIsNotOpenToEverybody } from './kubernetes-api-is-not-open-to-everybody';
import { loadBalancerDropsInvalidHeaders } from './load-balancer-drops-invalid-headers';
import { networkAclKeepsSshAndRdpOut } from './network-acl-keeps-ssh-and-rdp-out';
import { networkLogsItsFlows } from './network-logs-its-flows';
import { networkReachesS3ByAnEndpoint } from './network-reaches-s3-by-an-endpoint';
import { noSshOrRdpFromAnywhere } from './no-ssh-or-rdp-from-anywhere';
import { nodeSshNamesItsSources } from './node-ssh-names-its-sources';
import { onlyListedPortsFromAnywhere } from './only-listed-ports-from-anywhere';
import { securityGroupRuleSaysWhy } from './security-group-rule-says-why';
import { subnetGivesNoPublicAddresses } from './subnet-gives-no-public-addresses';
import { taskHasNoPublicAddress } from './task-has-no-public-address';
import { vpcEndpointHasAPolicy } from './vpc-endpoint-has-a-policy';

export const NETWORK = [
  computeRunsInPrivateSubnets,
  databaseIsNotPublic,
  defaultSecurityGroupIsClosed,
  instanceHasNoPublicAddress,
  instanceMetadataNeedsAToken,
  kubernetesApiIsNotOpenToEverybody,
  loadBalancerDropsInvalidHeaders,
  networkAclKeepsSshAndRdpOut,
  networkLogsItsFlows,
  networkReachesS3ByAnEndpoint,
  noSshOrRdpFromAnywhere,
  nodeSshNamesItsSources,
  onlyListedPortsFromAnywhere,
  securityGroupRuleSaysWhy,
  subnetGivesNoPublicAddresses,
  taskHasNoPublicAddress,
  vpcEndpointHasAPolicy,
] as const;
