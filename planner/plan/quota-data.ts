/**
 * Quotas that the components touch, at their default for a new account. What is `verified` was read on that day, in the
 * source itself or in what owners of accounts publish of their Service Quotas; the others are from memory (high
 * confidence), and the source is the page that has them.
 */
import type { Source } from './types';

export interface QuotaData {
  readonly service: string;
  readonly name: string;
  readonly code: string | null;
  readonly value: number;
  readonly source: Source;
  readonly verified: boolean;
}

const page = (name: string, date: string): Source => ({ name: `AWS General Reference, ${name}`, date });

const EC2: Source = {
  name: 'Service Quotas of a new account, as published by its owner',
  date: '2026-09-30',
};
const FARGATE = page('Amazon ECS endpoints and quotas', '2026-10-09');
const VPC = page('Amazon VPC endpoints and quotas', '2026-11-21');
const ELB = page('Elastic Load Balancing endpoints and quotas', '2026-11-21');
const CLOUDFRONT: Source = { name: 'CloudFront Developer Guide, Quotas', date: '2026-11-21' };
const ACCELERATOR = page('AWS Global Accelerator endpoints and quotas', '2026-11-21');
const ECS = page('Amazon ECS endpoints and quotas', '2026-11-21');
const S3 = page('Amazon S3 endpoints and quotas', '2026-11-21');
const IAM = page('IAM endpoints and quotas', '2026-11-21');
const ALARMS: Source = { name: 'CloudWatch User Guide, CloudWatch service quotas', date: '2026-11-21' };

const quota = (
  service: string,
  name: string,
  code: string | null,
  value: number,
  source: Source,
  verified: boolean,
): QuotaData => ({ service, name, code, value, source, verified });

export const QUOTAS = {
  gOnDemand: quota('EC2', 'Running On-Demand G and VT instances (vCPUs)', 'L-DB2E81BA', 0, EC2, true),
  gSpot: quota('EC2', 'All G and VT Spot Instance Requests (vCPUs)', 'L-3819A6DF', 0, EC2, true),
  addresses: quota('EC2', 'EC2-VPC Elastic IPs', 'L-0263D0A3', 5, VPC, true),
  fargate: quota('Fargate', 'Fargate On-Demand vCPU resource count', 'L-3032A538', 6, FARGATE, true),
  vpcs: quota('VPC', 'VPCs per Region', 'L-F678F1CE', 5, VPC, false),
  natGateways: quota('VPC', 'NAT gateways per Availability Zone', 'L-FE5A380F', 5, VPC, false),
  gatewayEndpoints: quota('VPC', 'Gateway VPC endpoints per Region', 'L-1B52E74A', 20, VPC, true),
  interfaceEndpoints: quota('VPC', 'Interface VPC endpoints per VPC', 'L-29B6F2EB', 50, VPC, true),
  groupRules: quota('VPC', 'Inbound or outbound rules per security group', 'L-0EA8095F', 60, VPC, true),
  subnets: quota('VPC', 'Subnets per VPC', 'L-407747CB', 200, VPC, true),
  applicationBalancers: quota('ELB', 'Application Load Balancers per Region', 'L-53DA6B97', 50, ELB, true),
  networkBalancers: quota('ELB', 'Network Load Balancers per Region', 'L-69A177A2', 50, ELB, true),
  networkListeners: quota('ELB', 'Listeners per Network Load Balancer', 'L-57A373D6', 50, ELB, false),
  rules: quota('ELB', 'Rules per Application Load Balancer', 'L-7EED9B64', 100, ELB, true),
  targetGroups: quota('ELB', 'Target Groups per Region', 'L-B22855CB', 3000, ELB, true),
  vpcOrigins: quota('CloudFront', 'VPC origins per account', null, 25, CLOUDFRONT, true),
  behaviors: quota('CloudFront', 'Cache behaviors per distribution', null, 75, CLOUDFRONT, true),
  origins: quota('CloudFront', 'Origins per distribution', null, 100, CLOUDFRONT, true),
  distributions: quota('CloudFront', 'Distributions per account', null, 200, CLOUDFRONT, false),
  cachePolicies: quota('CloudFront', 'Custom cache policies per account', null, 20, CLOUDFRONT, false),
  accelerators: quota('Global Accelerator', 'Accelerators per account', null, 20, ACCELERATOR, false),
  acceleratorListeners: quota(
    'Global Accelerator',
    'Listeners per accelerator',
    null,
    10,
    ACCELERATOR,
    false,
  ),
  services: quota('ECS', 'Services per cluster', null, 5000, ECS, false),
  capacityProviders: quota('ECS', 'Capacity providers per cluster', null, 20, ECS, false),
  directoryBuckets: quota('S3', 'Directory buckets per account and Region', null, 100, S3, false),
  buckets: quota('S3', 'General purpose buckets per account', null, 10_000, S3, false),
  roles: quota('IAM', 'Roles per account', 'L-FE177D64', 1000, IAM, false),
  alarms: quota('CloudWatch', 'Alarms per Region', null, 5000, ALARMS, false),
} as const;
