import { alarmsKnowWhatNoDataMeans } from './alarms-know-what-no-data-means';
import { alarmsSayWhatToDo } from './alarms-say-what-to-do';
import { alarmsTellSomebody } from './alarms-tell-somebody';
import { balancersLogRequests } from './balancers-log-requests';
import { billedResourcesAreTagged } from './billed-resources-are-tagged';
import { bucketAccessIsLogged } from './bucket-access-is-logged';
import { clustersHaveContainerInsights } from './clusters-have-container-insights';
import { containersWriteLogs } from './containers-write-logs';
import { databasesTakeMinorUpgrades } from './databases-take-minor-upgrades';
import { fargateIsCurrent } from './fargate-is-current';
import { imageTagsStay } from './image-tags-stay';
import { imagesAreScanned } from './images-are-scanned';
import { kubernetesControlPlaneIsLogged } from './kubernetes-control-plane-is-logged';
import { logGroupsExpire } from './log-groups-expire';
import { tasksHaveNoShell } from './tasks-have-no-shell';
import { trailsCanBeTrusted } from './trails-can-be-trusted';
import { trailsCoverEveryRegion } from './trails-cover-every-region';

export const OPERATIONS = [
  alarmsKnowWhatNoDataMeans,
  alarmsSayWhatToDo,
  alarmsTellSomebody,
  balancersLogRequests,
  billedResourcesAreTagged,
  bucketAccessIsLogged,
  clustersHaveContainerInsights,
  containersWriteLogs,
  databasesTakeMinorUpgrades,
  fargateIsCurrent,
  imageTagsStay,
  imagesAreScanned,
  kubernetesControlPlaneIsLogged,
  logGroupsExpire,
  tasksHaveNoShell,
  trailsCanBeTrusted,
  trailsCoverEveryRegion,
] as const;
