import { answersHaveHstsAndNosniff } from './answers-have-hsts-and-nosniff';
import { bucketOriginsHaveAccessControl } from './bucket-origins-have-access-control';
import { corsWithCredentialsNamesItsOrigins } from './cors-with-credentials-names-its-origins';
import { customOriginsUseHttps } from './custom-origins-use-https';
import { distributionHasAWebAcl } from './distribution-has-a-web-acl';
import { distributionHasItsOwnCertificate } from './distribution-has-its-own-certificate';
import { distributionIsLogged } from './distribution-is-logged';
import { distributionsRestrictTheSameCountries } from './distributions-restrict-the-same-countries';
import { edgeFunctionsFit } from './edge-functions-fit';
import { edgeFunctionsHaveTheCurrentRuntime } from './edge-functions-have-the-current-runtime';
import { edgeLambdasFit } from './edge-lambdas-fit';
import { errorsAreKeptASecondAtMost } from './errors-are-kept-a-second-at-most';
import { errorsKeepTheirCode } from './errors-keep-their-code';
import { failoverCoversWhatBucketsAnswer } from './failover-covers-what-buckets-answer';
import { http3IsOffWhileStaging } from './http3-is-off-while-staging';
import { liveOriginsHaveAShield } from './live-origins-have-a-shield';
import { livePathsHaveNoLambda } from './live-paths-have-no-lambda';
import { livePathsOnlyRead } from './live-paths-only-read';
import { logsHaveNoSignatures } from './logs-have-no-signatures';
import { noBehaviourIsShadowed } from './no-behaviour-is-shadowed';
import { originsKnowTheirCdn } from './origins-know-their-cdn';
import { originsOutlastBlockingReload } from './origins-outlast-blocking-reload';
import { originsUseTls12 } from './origins-use-tls-1-2';
import { realtimeLogsAreSampled } from './realtime-logs-are-sampled';
import { segmentsHaveASecondOrigin } from './segments-have-a-second-origin';
import { signaturesAreVerifiedByKeyGroups } from './signatures-are-verified-by-key-groups';
import { trialsAreOfFewViewers } from './trials-are-of-few-viewers';
import { viewerCertificatesAreInUsEast1 } from './viewer-certificates-are-in-us-east-1';
import { viewerTlsIs12OrNewer } from './viewer-tls-is-1-2-or-newer';
import { viewersConnectBySni } from './viewers-connect-by-sni';
import { viewersUseHttps } from './viewers-use-https';
import { watchingIsSignedOrPublicByChoice } from './watching-is-signed-or-public-by-choice';

export const DELIVERY = [
  answersHaveHstsAndNosniff,
  bucketOriginsHaveAccessControl,
  corsWithCredentialsNamesItsOrigins,
  customOriginsUseHttps,
  distributionHasAWebAcl,
  distributionHasItsOwnCertificate,
  distributionIsLogged,
  distributionsRestrictTheSameCountries,
  edgeFunctionsFit,
  edgeFunctionsHaveTheCurrentRuntime,
  edgeLambdasFit,
  errorsAreKeptASecondAtMost,
  errorsKeepTheirCode,
  failoverCoversWhatBucketsAnswer,
  http3IsOffWhileStaging,
  liveOriginsHaveAShield,
  livePathsHaveNoLambda,
  livePathsOnlyRead,
  logsHaveNoSignatures,
  noBehaviourIsShadowed,
  originsKnowTheirCdn,
  originsOutlastBlockingReload,
  originsUseTls12,
  realtimeLogsAreSampled,
  segmentsHaveASecondOrigin,
  signaturesAreVerifiedByKeyGroups,
  trialsAreOfFewViewers,
  viewerCertificatesAreInUsEast1,
  viewerTlsIs12OrNewer,
  viewersConnectBySni,
  viewersUseHttps,
  watchingIsSignedOrPublicByChoice,
] as const;
