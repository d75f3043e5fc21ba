/** Where CloudFront has no VPC origins, in regions that have them. */

/** When the list was read. */
export const VPC_ORIGIN_ZONES_AS_OF = '2026-11-21';

/** Amazon CloudFront Developer Guide, "Supported AWS Regions for VPC origins": the zones that it excepts. */
const EXCEPTED: readonly string[] = ['use1-az3', 'usw1-az2', 'apne1-az3', 'cac1-az3'];

/** Whether CloudFront can reach a load balancer by a subnet of the zone. */
export const hasVpcOrigins = (zoneId: string): boolean => !EXCEPTED.includes(zoneId);
