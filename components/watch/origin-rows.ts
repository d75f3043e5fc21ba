/** The live origin, with a line a zone in each graph. Pure. */
import type { Facts } from './facts';
import { ofAws, ofOrigin } from './metrics';
import { graph, type MetricRow, type Statistic, type Widget } from './widgets';

const BALANCER = 'AWS/ApplicationELB';

/** @returns none where there is no origin, or none in these zones */
export function originRows(
  { origin, region }: Facts,
  zones: readonly string[],
): readonly (readonly Widget[])[] {
  const known = Object.entries(origin?.zones ?? {}).filter(([id]) => zones.includes(id));
  if (!origin || known.length === 0) return [];
  const { cluster, loadBalancer } = origin;
  const ofGroup = (name: string): readonly MetricRow[] =>
    known.map(([id, { targetGroup }]) =>
      ofAws(BALANCER, name, { TargetGroup: targetGroup, LoadBalancer: loadBalancer }, { label: id }),
    );
  const ofTasks = (name: string): readonly MetricRow[] =>
    known.map(([id, { service }]) => ofOrigin(name, service, { label: id }));
  const ofService = (name: string): readonly MetricRow[] =>
    known.map(([id, { service }]) =>
      ofAws('AWS/ECS', name, { ClusterName: cluster, ServiceName: service }, { label: id }),
    );
  const itself = { LoadBalancer: loadBalancer };
  const byItself = ofAws(BALANCER, 'HTTPCode_ELB_5XX_Count', itself, { label: 'load balancer' });
  const shown = (what: string, stat: Statistic, rows: readonly MetricRow[]): Widget =>
    graph({ title: `Origin: ${what}`, region, stat, rows });
  return [
    [
      shown('healthy tasks', 'Minimum', ofGroup('HealthyHostCount')),
      shown('errors (5xx) a minute', 'Sum', [...ofGroup('HTTPCode_Target_5XX_Count'), byItself]),
      shown('answers a minute', 'Sum', ofGroup('RequestCount')),
      shown('seconds to the first byte, p99', 'p99', ofGroup('TargetResponseTime')),
    ],
    [
      shown('requests that a task holds', 'Maximum', ofTasks('HeldRequests')),
      shown('bytes sent a minute', 'Sum', ofTasks('SentBytes')),
      shown('CPU (%)', 'Average', ofService('CPUUtilization')),
    ],
  ];
}
