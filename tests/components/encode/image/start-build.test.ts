import { expect } from 'chai';
import { build, type Build, type CodeBuildClient } from '../../../../components/encode/image/start-build';
import { rejection } from '../../../support/rejection';
import { DIGEST } from './image-recording';

const EVENT = { project: 'video-encoder', tag: '0.1.0-abc-encoder-amd64' };
const LINK = 'https://console.example/log';
const told = [
  { name: 'OTHER', value: 'x' },
  { name: 'IMAGE_DIGEST', value: DIGEST },
];
const denied = Object.assign(new Error('not yet'), { name: 'AccessDeniedException' });

/** CodeBuild that goes through these states, five seconds apart; how it was called. */
function surroundings(states: readonly Build[], options: { deniedFor?: number; minutes?: number } = {}) {
  let { deniedFor = 0 } = options;
  let remaining = (options.minutes ?? 15) * 60_000;
  let at = 0;
  const calls: string[] = [];
  const client: CodeBuildClient = {
    startBuild: async (input) => {
      calls.push(`start ${input.projectName} ${input.idempotencyToken}`);
      if (deniedFor-- > 0) throw denied;
      return { build: { id: 'video-encoder:1', buildStatus: 'IN_PROGRESS' } };
    },
    batchGetBuilds: async ({ ids }) => {
      calls.push(`look ${ids.join()}`);
      const found = states[Math.min(at++, states.length - 1)];
      return { builds: found ? [{ id: ids[0]!, logs: { deepLink: LINK }, ...found }] : [] };
    },
  };
  const delay = async (milliseconds: number) => {
    calls.push(`wait ${milliseconds}`);
    remaining -= milliseconds;
  };
  return { calls, given: { client, requestId: 'request', remainingMs: () => remaining, delay } };
}

const running: Build = { buildStatus: 'IN_PROGRESS' };
const where = `build video-encoder:1 of ${EVENT.tag}, log: ${LINK}`;

describe('the function that waits for a build', () => {
  it('starts one build, looks every five seconds, and answers the digest', async () => {
    const { calls, given } = surroundings([
      running,
      { buildStatus: 'SUCCEEDED', exportedEnvironmentVariables: told },
    ]);
    expect(await build(EVENT, given)).to.equal(DIGEST);
    expect(calls).to.deep.equal([
      'start video-encoder request',
      'wait 5000',
      'look video-encoder:1',
      'wait 5000',
      'look video-encoder:1',
    ]);
  });

  for (const status of ['FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED']) {
    it(`fails with the build's log where it is ${status}`, async () => {
      const { given } = surroundings([{ buildStatus: status }]);
      expect(await rejection(build(EVENT, given))).to.have.property('message', `${status}: ${where}`);
    });
  }

  it('fails where a build that succeeded told no digest', async () => {
    const { given } = surroundings([{ buildStatus: 'SUCCEEDED' }]);
    expect(await rejection(build(EVENT, given))).to.have.property('message', `no digest (""): ${where}`);
  });

  it('fails where the build is gone', async () => {
    const { given } = surroundings([]);
    expect(await rejection(build(EVENT, given)))
      .to.have.property('message')
      .that.includes('GONE: build');
  });

  it('says so before Lambda ends it', async () => {
    const { calls, given } = surroundings([running], { minutes: 1 });
    expect(await rejection(build(EVENT, given)))
      .to.have.property('message')
      .that.equals(`not finished in time: ${where}. It goes on: deploy again when it has ended.`);
    expect(given.remainingMs()).to.be.at.least(15_000);
    expect(calls.filter((call) => call.startsWith('wait'))).to.have.length(9);
  });

  it('tries again while its new rights are not seen yet', async () => {
    const { calls, given } = surroundings(
      [{ buildStatus: 'SUCCEEDED', exportedEnvironmentVariables: told }],
      {
        deniedFor: 3,
      },
    );
    expect(await build(EVENT, given)).to.equal(DIGEST);
    expect(calls.filter((call) => call.startsWith('start'))).to.have.length(4);
  });

  it('gives up where it stays without rights', async () => {
    const { calls, given } = surroundings([], { deniedFor: 100 });
    expect(await rejection(build(EVENT, given))).to.equal(denied);
    expect(calls.filter((call) => call.startsWith('start'))).to.have.length(12);
  });
});
