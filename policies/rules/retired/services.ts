/** Services of AWS that have ended or take no new customers, by the beginning of their types. */
export interface Retired {
  readonly service: string;
  /** Last day, in UTC, as AWS announced it. */
  readonly on: string;
  readonly instead: string;
}

const retired = (service: string, on: string, instead: string): Retired => ({ service, on, instead });

/** Sources: notices in the documentation of each service, and of @pulumi/aws 7, read on 2026-11-21. */
export const ENDED: Readonly<Record<string, Retired>> = {
  'aws:appmesh/': retired('App Mesh', '2026-09-30', 'ECS Service Connect or VPC Lattice'),
  'aws:elastictranscoder/': retired('Elastic Transcoder', '2025-11-13', 'MediaConvert'),
  'aws:evidently/': retired('CloudWatch Evidently', '2025-10-17', 'feature flags of AppConfig'),
  'aws:kinesis/analyticsApplication:': retired(
    'Kinesis Data Analytics for SQL',
    '2026-01-27',
    'Managed Service for Apache Flink',
  ),
  'aws:mediastore/': retired('MediaStore', '2025-11-13', 'S3, or MediaPackage'),
  'aws:opsworks/': retired('OpsWorks', '2024-05-26', 'Systems Manager'),
  'aws:pinpoint/emailChannel:': retired('email of Pinpoint', '2026-10-30', 'SES'),
  'aws:pinpoint/emailTemplate:': retired('email of Pinpoint', '2026-10-30', 'SES'),
  'aws:pinpoint/eventStream:': retired('event streams of Pinpoint', '2026-10-30', 'SES events'),
  'aws:qldb/': retired('QLDB', '2025-07-31', 'Aurora PostgreSQL'),
};

export const CLOSED: Readonly<Record<string, Retired>> = {
  'aws:apprunner/': retired('App Runner', '2026-04-30', 'ECS, as aws.ecs.ExpressGatewayService'),
  'aws:auditmanager/': retired('Audit Manager', '2026-04-30', 'conformance packs of AWS Config'),
  'aws:cloudtrail/eventDataStore:': retired('CloudTrail Lake', '2026-05-31', 'a trail with Athena'),
  'aws:glacier/': retired('vaults of Glacier', '2025-11-07', 'the Glacier storage classes of S3'),
  'aws:s3control/objectLambdaAccessPoint:': retired(
    'S3 Object Lambda',
    '2025-11-07',
    'a function behind CloudFront',
  ),
  'aws:s3control/objectLambdaAccessPointPolicy:': retired(
    'S3 Object Lambda',
    '2025-11-07',
    'a function behind CloudFront',
  ),
};

export const retiredBy = (services: Readonly<Record<string, Retired>>, type: string): Retired | undefined =>
  Object.entries(services).find(([beginning]) => type.startsWith(beginning))?.[1];
