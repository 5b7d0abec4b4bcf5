export { DistributionAlarm, RegionAlarms, type DistributionAlarmProps, type RegionAlarmsProps } from './alarms.js';
export { bundleFromParameters, bundleFromZip, type Bundle } from './bundle.js';
export type { GuardedBehavior } from './behavior.js';
export { AuthorizerDashboard, type AuthorizerDashboardProps } from './dashboard.js';
export { EdgeAuthorizer, type EdgeAuthorizerProps } from './edge-authorizer.js';
export { GuardedDistribution, type GuardedDistributionOptions } from './guarded-distribution.js';
export { GuardedSiteStack, type GuardedSiteStackProps } from './guarded-site-stack.js';
export type { DistributionNeeds } from './needs.js';
export { RegionAlarmsStack, type RegionAlarmsStackProps } from './region-alarms-stack.js';
