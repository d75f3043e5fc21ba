import { balancersAreOfTheCurrentGeneration } from './balancers-are-of-the-current-generation';
import { functionsRunOnSupportedRuntimes } from './functions-run-on-supported-runtimes';
import { kubernetesVersionIsSupported } from './kubernetes-version-is-supported';
import { noAmazonLinux2 } from './no-amazon-linux-2';
import { noLaunchConfigurations } from './no-launch-configurations';
import { noServiceClosedToNewcomers } from './no-service-closed-to-newcomers';
import { noServiceThatHasEnded } from './no-service-that-has-ended';

export const RETIRED = [
  balancersAreOfTheCurrentGeneration,
  functionsRunOnSupportedRuntimes,
  kubernetesVersionIsSupported,
  noAmazonLinux2,
  noLaunchConfigurations,
  noServiceClosedToNewcomers,
  noServiceThatHasEnded,
] as const;
