/** The distributions, in the region in which CloudFront writes their metrics. Pure. */
import { metricDimensions } from '../delivery/cdn/alarms';
import { GLOBAL_REGION } from '../delivery/cdn/family';
import type { Facts } from './facts';
import { ofAws } from './metrics';
import { alarms, graph, type AlarmList, type Statistic, type Widget } from './widgets';

/** @returns none where there is no distribution */
export function deliveryRows({ distributions }: Facts): readonly (readonly Widget[])[] {
  const all = Object.entries(distributions);
  if (all.length === 0) return [];
  const shown = (what: string, stat: Statistic, name: string): Widget =>
    graph({
      ...{ title: `Viewers: ${what}`, region: GLOBAL_REGION, stat },
      rows: all.map(([number, { id }]) =>
        ofAws('AWS/CloudFront', name, metricDimensions(id), { label: `distribution ${number}` }),
      ),
    });
  return [
    [
      shown('requests a minute', 'Sum', 'Requests'),
      shown('bytes a minute', 'Sum', 'BytesDownloaded'),
      shown('errors 5xx (%)', 'Average', '5xxErrorRate'),
      shown('errors 4xx (%)', 'Average', '4xxErrorRate'),
    ],
  ];
}

/** Apart from the others: they are in a region of their own. */
export const distributionAlarms = (
  { distributions }: Facts,
  states: NonNullable<AlarmList['states']>,
): readonly Widget[] =>
  alarms({
    title: 'Alarms of distributions',
    arns: Object.values(distributions).flatMap(({ alarms: own }) => Object.values(own)),
    states,
  });
