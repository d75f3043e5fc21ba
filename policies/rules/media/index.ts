import { balancersOutlastBlockingReload } from './balancers-outlast-blocking-reload';
import { callersMoveAtOnce } from './callers-move-at-once';
import { channelsHaveOneEncoder } from './channels-have-one-encoder';
import { directivesComeTogether } from './directives-come-together';
import { directoryBucketsExpire } from './directory-buckets-expire';
import { encodersAreNotOversubscribed } from './encoders-are-not-oversubscribed';
import { encodersFinishTheirSegment } from './encoders-finish-their-segment';
import { gpuIsNotOnFargate } from './gpu-is-not-on-fargate';
import { healthChecksAskForNoPlaylist } from './health-checks-ask-for-no-playlist';
import { heldRequestsMayFinish } from './held-requests-may-finish';
import { liveBucketsExpire } from './live-buckets-expire';
import { liveEncodersAreNotOnSpot } from './live-encoders-are-not-on-spot';
import { mediaInputsKnowTheirSenders } from './media-inputs-know-their-senders';
import { mediaIsKeptADay } from './media-is-kept-a-day';
import { mediaKeysHaveNothingOfTheViewer } from './media-keys-have-nothing-of-the-viewer';
import { playlistKeysHaveTheDirectives } from './playlist-keys-have-the-directives';
import { playlistsAreCompressed } from './playlists-are-compressed';
import { playlistsAreKeptBriefly } from './playlists-are-kept-briefly';
import { segmentsLastTwoToSixSeconds } from './segments-last-two-to-six-seconds';
import { servicesCanBeReplaced } from './services-can-be-replaced';
import { srtIsEncrypted } from './srt-is-encrypted';
import { watchedMediaIsNotArchived } from './watched-media-is-not-archived';

export const MEDIA = [
  balancersOutlastBlockingReload,
  callersMoveAtOnce,
  channelsHaveOneEncoder,
  directivesComeTogether,
  directoryBucketsExpire,
  encodersAreNotOversubscribed,
  encodersFinishTheirSegment,
  gpuIsNotOnFargate,
  healthChecksAskForNoPlaylist,
  heldRequestsMayFinish,
  liveBucketsExpire,
  liveEncodersAreNotOnSpot,
  mediaInputsKnowTheirSenders,
  mediaIsKeptADay,
  mediaKeysHaveNothingOfTheViewer,
  playlistKeysHaveTheDirectives,
  playlistsAreCompressed,
  playlistsAreKeptBriefly,
  segmentsLastTwoToSixSeconds,
  servicesCanBeReplaced,
  srtIsEncrypted,
  watchedMediaIsNotArchived,
] as const;
