import { expect } from 'chai';
import fc from 'fast-check';
import { dashboardUrl } from '../../../components/watch/console';
import { layout } from '../../../components/watch/layout';
import { alarms, type Widget } from '../../../components/watch/widgets';

const of = (height: number): Widget => ({ type: 'text', height, properties: { markdown: String(height) } });

describe('widgets on the grid of a dashboard', () => {
  it('stand side by side over all 24 columns, and rows below each other by the tallest', () => {
    const places = layout([[of(3)], [of(6), of(2)], [], [of(1)]]).map(({ x, y, width, height }) => [
      ...[x, y, width, height],
    ]);
    expect(places).to.deep.equal([
      [0, 0, 24, 3],
      [0, 3, 12, 6],
      [12, 3, 12, 2],
      [0, 9, 24, 1],
    ]);
  });

  it('are never more than four side by side, in lines of like length', () => {
    const widths = layout([[1, 1, 1, 1, 1].map(of)]).map(({ width, y }) => [width, y]);
    expect(widths).to.deep.equal([
      [8, 0],
      [8, 0],
      [8, 0],
      [12, 1],
      [12, 1],
    ]);
  });

  it('never overlap, and never stand beyond the last column, whatever the rows are', () => {
    const rows = fc.array(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 11 }), { maxLength: 6 });
    fc.assert(
      fc.property(rows, (heights) => {
        const placed = layout(heights.map((row) => row.map(of)));
        expect(placed).to.have.length(heights.flat().length);
        const cells = new Set<string>();
        for (const { x, y, width, height } of placed) {
          expect(x + width).to.be.at.most(24);
          expect(Number.isInteger(width)).to.equal(true);
          for (let column = x; column < x + width; column++) {
            for (let line = y; line < y + height; line++) {
              expect(cells.has(`${column},${line}`)).to.equal(false);
              cells.add(`${column},${line}`);
            }
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('alarms on a dashboard', () => {
  const arns = (count: number) => Array.from({ length: count }, (_, n) => `arn:${n}`);

  it('are at most 100 a widget, which is what CloudWatch takes, none left out', () => {
    const widgets = alarms({ title: 'All', arns: arns(201), states: ['ALARM'] });
    expect(
      widgets.map(({ properties }) => [properties['title'], (properties['alarms'] as string[]).length]),
    ).to.deep.equal([
      ['All, 1 of 3', 100],
      ['All, 2 of 3', 100],
      ['All, 3 of 3', 1],
    ]);
    expect(widgets.flatMap(({ properties }) => properties['alarms'])).to.deep.equal(arns(201));
  });

  it('are no widget where there are none', () => {
    expect(alarms({ title: 'All', arns: [] })).to.deep.equal([]);
    expect(
      alarms({ title: 'All', arns: arns(100) }).map(({ properties }) => properties['title']),
    ).to.deep.equal(['All']);
  });
});

describe('the address of a dashboard in the console', () => {
  it('is of the region, and of its partition', () => {
    const path = (region: string) => `/cloudwatch/home?region=${region}#dashboards/dashboard/live`;
    for (const [region, host] of [
      ['eu-central-1', 'console.aws.amazon.com'],
      ['cn-north-1', 'console.amazonaws.cn'],
      ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
    ] as const) {
      expect(dashboardUrl(region, 'live')).to.equal(`https://${region}.${host}${path(region)}`);
    }
  });
});
