import { addressesAreUsed } from './addresses-are-used';
import { bucketsHaveALifecycle } from './buckets-have-a-lifecycle';
import { budgetCoversTheEstimate } from './budget-covers-the-estimate';
import { budgetsTellSomebody } from './budgets-tell-somebody';
import { commitmentsAreOptedInto } from './commitments-are-opted-into';
import { gpuGroupsCanBeEmpty } from './gpu-groups-can-be-empty';
import { imagesExpire } from './images-expire';
import { instanceTypesAreAllowed } from './instance-types-are-allowed';
import { instancesAreOfACurrentGeneration } from './instances-are-of-a-current-generation';
import { natGatewaysAreFew } from './nat-gateways-are-few';
import { oldVersionsExpire } from './old-versions-expire';
import { priceClassIsChosen } from './price-class-is-chosen';
import { s3TrafficTakesTheGateway } from './s3-traffic-takes-the-gateway';
import { servicesHandOnTheirTags } from './services-hand-on-their-tags';
import { tableCapacityFollowsDemand } from './table-capacity-follows-demand';
import { unfinishedUploadsAreAborted } from './unfinished-uploads-are-aborted';
import { volumesAreGp3 } from './volumes-are-gp3';
import { webBalancersStandBehindACdn } from './web-balancers-stand-behind-a-cdn';

export const COST = [
  addressesAreUsed,
  bucketsHaveALifecycle,
  budgetCoversTheEstimate,
  budgetsTellSomebody,
  commitmentsAreOptedInto,
  gpuGroupsCanBeEmpty,
  imagesExpire,
  instanceTypesAreAllowed,
  instancesAreOfACurrentGeneration,
  natGatewaysAreFew,
  oldVersionsExpire,
  priceClassIsChosen,
  s3TrafficTakesTheGateway,
  servicesHandOnTheirTags,
  tableCapacityFollowsDemand,
  unfinishedUploadsAreAborted,
  volumesAreGp3,
  webBalancersStandBehindACdn,
] as const;
