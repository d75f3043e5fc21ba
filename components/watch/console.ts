/** Where the console shows a dashboard. */

/** Hosts of the partitions, by how their regions begin. */
const PARTITIONS: readonly (readonly [begins: string, host: string])[] = [
  ['cn-', 'console.amazonaws.cn'],
  ['us-gov-', 'console.amazonaws-us-gov.com'],
];

export function dashboardUrl(region: string, dashboardName: string): string {
  const host = PARTITIONS.find(([begins]) => region.startsWith(begins))?.[1] ?? 'console.aws.amazon.com';
  return `https://${region}.${host}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboardName}`;
}
