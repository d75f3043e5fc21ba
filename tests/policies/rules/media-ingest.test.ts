import { callersMoveAtOnce } from '../../../policies/rules/media/callers-move-at-once';
import { directoryBucketsExpire } from '../../../policies/rules/media/directory-buckets-expire';
import { mediaInputsKnowTheirSenders } from '../../../policies/rules/media/media-inputs-know-their-senders';
import { segmentsLastTwoToSixSeconds } from '../../../policies/rules/media/segments-last-two-to-six-seconds';
import { srtIsEncrypted } from '../../../policies/rules/media/srt-is-encrypted';
import { GoodProgram, set, unset } from '../cases';
import { UNKNOWN_TASKS, encoder, liveEncoder, origin } from './media-program';

const good = new GoodProgram(liveEncoder);

describe('rules of media: what comes in, and what is made of it', () => {
  good.tries(srtIsEncrypted, {
    violating: {
      'no passphrase': {
        change: encoder({ SRT_PASSPHRASE_SECRET: '' }),
        at: 'encoder-task',
        found: ['the container encoder takes SRT without a passphrase'],
      },
    },
    nearMisses: {
      'a file of passphrases': encoder({
        SRT_PASSPHRASE_SECRET: '',
        SRT_PASSPHRASES_FILE: '/run/secrets/srt',
      }),
      'a test picture': encoder({ SRT_PASSPHRASE_SECRET: '', SOURCE: 'test' }),
    },
    notApplicable: { 'an origin': { change: origin({}), at: 'origin-task', reason: 'it takes no SRT' } },
  });

  good.tries(callersMoveAtOnce, {
    violating: {
      'flows that go on to a target that left': {
        change: unset('callers', 'connectionTermination'),
        at: 'callers',
        found: ['flows of a target that left are not ended'],
      },
      "AWS's own five minutes": {
        change: unset('callers', 'deregistrationDelay'),
        at: 'callers',
        found: ['a target that leaves keeps its flows for 300 s'],
      },
    },
    nearMisses: { 'five seconds, as a text': set('callers', 'deregistrationDelay', '5') },
    notApplicable: {
      'a group of HTTP': { change: origin({}), at: 'requests', reason: 'it takes no UDP' },
    },
  });

  good.tries(directoryBucketsExpire, {
    violating: {
      'a rule that is off': {
        change: set('edge-lifecycle', 'rules.0.status', 'Disabled'),
        at: 'edge',
        found: ['nothing in it ever expires'],
      },
    },
    nearMisses: { 'a week': set('edge-lifecycle', 'rules.0.expiration.days', 7) },
  });

  good.tries(mediaInputsKnowTheirSenders, {
    violating: {
      everybody: {
        change: set('senders', 'whitelistRules', [{ cidr: '203.0.113.0/24' }, { cidr: '0.0.0.0/0' }]),
        at: 'senders',
        found: ['everybody may send to it (0.0.0.0/0)'],
      },
    },
    nearMisses: { 'one address': set('senders', 'whitelistRules.0.cidr', '203.0.113.7/32') },
  });

  good.tries(segmentsLastTwoToSixSeconds, {
    undecided: UNKNOWN_TASKS,
    violating: {
      'ten seconds of MediaLive': {
        change: set(
          'managed',
          'encoderSettings.outputGroups.0.outputGroupSettings.hlsGroupSettings.segmentLength',
          10,
        ),
        at: 'managed',
        found: ['an HLS output cuts segments of 10 s, of 2 to 6'],
      },
      'a second of MediaPackage': {
        change: set('endpoint', 'desiredState', JSON.stringify({ Segment: { SegmentDurationSeconds: 1 } })),
        at: 'endpoint',
        found: ['the endpoint cuts segments of 1 s, of 2 to 6'],
      },
      'ten seconds of ffmpeg': {
        change: origin({ command: ['ffmpeg', '-i', 'in', '-hls_time', '10', 'out.m3u8'] }),
        at: 'origin-task',
        found: ['the container origin cuts segments of 10 s, of 2 to 6'],
      },
      'ten seconds by a variable': {
        change: origin({ environment: [{ name: 'SEGMENT_SECONDS', value: '10' }] }),
        at: 'origin-task',
        found: ['the container origin cuts segments of 10 s, of 2 to 6'],
      },
    },
    nearMisses: {
      'two seconds': origin({ command: ['packager', '--segment_duration=2'] }),
      'six seconds, in a shell': origin({ command: ['sh', '-c', 'ffmpeg -i in -hls_time 6 out.m3u8'] }),
      'another resource of Cloud Control': set('endpoint', 'typeName', 'AWS::MediaPackageV2::Channel'),
    },
  });
});
