export * from './args';
export { MediaDashboards, type MediaDashboardsNodes } from './media-dashboards';
export type { DashboardAlarms, DashboardCdn, DashboardFleet, DashboardOrigin } from './neighbours';
