import { backupsAreCopiedElsewhere } from './backups-are-copied-elsewhere';
import { balancersRefuseDeletion } from './balancers-refuse-deletion';
import { balancersStandInSeveralZones } from './balancers-stand-in-several-zones';
import { cachesFailOver } from './caches-fail-over';
import { clustersHaveAReader } from './clusters-have-a-reader';
import { dataIsProtected } from './data-is-protected';
import { databasesAreBackedUp } from './databases-are-backed-up';
import { databasesRefuseDeletion } from './databases-refuse-deletion';
import { databasesStandInTwoZones } from './databases-stand-in-two-zones';
import { deploymentsRollBack } from './deployments-roll-back';
import { failoverRecordsAreChecked } from './failover-records-are-checked';
import { fileSystemsAreBackedUp } from './file-systems-are-backed-up';
import { functionsKeepWhatFails } from './functions-keep-what-fails';
import { groupsAskTheirBalancer } from './groups-ask-their-balancer';
import { groupsStandInSeveralZones } from './groups-stand-in-several-zones';
import { instancesComeFromATemplate } from './instances-come-from-a-template';
import { managedChannelsHaveTwoPipelines } from './managed-channels-have-two-pipelines';
import { natIsInEveryZone } from './nat-is-in-every-zone';
import { onlyEncodersStandClose } from './only-encoders-stand-close';
import { queuesKeepWhatFails } from './queues-keep-what-fails';
import { spotHasAChoice } from './spot-has-a-choice';
import { tablesCanBeRestored } from './tables-can-be-restored';
import { targetsAreChecked } from './targets-are-checked';
import { vpcsHaveThreeZones } from './vpcs-have-three-zones';

export const RESILIENCE = [
  backupsAreCopiedElsewhere,
  balancersRefuseDeletion,
  balancersStandInSeveralZones,
  cachesFailOver,
  clustersHaveAReader,
  dataIsProtected,
  databasesAreBackedUp,
  databasesRefuseDeletion,
  databasesStandInTwoZones,
  deploymentsRollBack,
  failoverRecordsAreChecked,
  fileSystemsAreBackedUp,
  functionsKeepWhatFails,
  groupsAskTheirBalancer,
  groupsStandInSeveralZones,
  instancesComeFromATemplate,
  managedChannelsHaveTwoPipelines,
  natIsInEveryZone,
  onlyEncodersStandClose,
  queuesKeepWhatFails,
  spotHasAChoice,
  tablesCanBeRestored,
  targetsAreChecked,
  vpcsHaveThreeZones,
] as const;
