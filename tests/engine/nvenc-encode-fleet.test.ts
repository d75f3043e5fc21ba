import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { PulumiFn } from '@pulumi/pulumi/automation';
import { expect } from 'chai';
import { NvencEncodeFleet, type NvencEncodeFleetArgs } from '../../components/encode/fleet';
import { TieredSegmentStore } from '../../components/storage';
import { IMAGE, minimal } from '../components/encode/fleet/fleet-recording';
import { skip } from '../support/skip';
import { changed, engineOfSuite, failure } from './suite-engine';

const DEV = { environment: 'dev' } as const;
/** Alarms are half of a fleet's children, and are of no other kind than the rest to the engine: once is enough. */
const QUIET = { ...DEV, alarms: false } as const;
const NEWS = { ladder: 'hevc-2160p30-50', port: 9001 } as const;
const SPORT = { ladder: 'h264-1080p', port: 9002 } as const;
const NEWER = IMAGE.replace('ab', 'cd');

const fleetOf =
  (args: Partial<NvencEncodeFleetArgs> = {}): PulumiFn =>
  async () => {
    const store = new TieredSegmentStore('media', { zones: { 'use1-az4': { zoneId: 'use1-az4' } }, ...DEV });
    const fleet = new NvencEncodeFleet('live', { ...minimal(store), ...QUIET, ...args });
    return { services: fleet.serviceNames };
  };

/** Processes that this one has started, by the names of their programs. */
const ownProcesses = (name: string): number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      const [, program, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(statOf(pid)) ?? [];
      return program === name && Number(parent) === process.pid ? [Number(pid)] : [];
    });

/** Empty where it has ended meanwhile. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/** All that is one channel's alone. */
const ownOf = (channel: string): string[] => [
  ...['log', 'role', 'service', 'task'].map((part) => `live-channel-${channel}-${part}`),
  `media-live-${channel}-write`,
];

describe('NvencEncodeFleet under the real engine', function () {
  this.timeout(60_000);
  const engine = engineOfSuite();

  it('is made as previewed, then has nothing to change, and in dev is destroyed to nothing', async () => {
    const stack = await engine.stackOf('whole', fleetOf({ alarms: {} }));
    const previewed = await stack.preview();
    expect(engine.aws.done('create')).to.deep.equal([]);
    const up = await stack.up();
    expect(up.changes).to.deep.equal(previewed.changes);
    const made = engine.aws.done('create');
    expect(made).to.include.members(ownOf('news'));
    expect((await stack.preview()).changes).to.deep.equal({ same: made.length + 3 });
    await stack.destroy();
    const deleted = engine.aws.done('delete');
    expect([...deleted].sort()).to.deep.equal([...made].sort());
    // A provider leaves the cluster after the services of it.
    expect(deleted.indexOf('live-channel-news-service')).to.be.below(deleted.indexOf('live-providers'));
  });

  it('changes nothing of a channel when another comes, goes or is named before it', async () => {
    const stack = await engine.stackOf('channels', fleetOf({ channels: { news: NEWS } }));
    await stack.up();
    const both = { sport: SPORT, news: NEWS };
    const more = changed(await stack.up({ program: fleetOf({ channels: both }) }));
    expect(more).to.deep.equal({ create: ownOf('sport'), update: ['live'] });
    const reversed = fleetOf({ channels: { news: NEWS, sport: SPORT } });
    expect(changed(await stack.preview({ program: reversed }))).to.deep.equal({});
    const fewer = changed(await stack.up({ program: fleetOf({ channels: { sport: SPORT } }) }));
    expect(fewer).to.deep.equal({ delete: ownOf('news'), update: ['live'] });
  });

  it('makes of a new image a new revision of the task and an update of its service, and of nothing else', async () => {
    const both = { news: NEWS, sport: SPORT };
    const stack = await engine.stackOf('image', fleetOf({ channels: both }));
    await stack.up();
    const tried = { ...both, sport: { ...SPORT, image: NEWER } };
    const one = await stack.up({ program: fleetOf({ channels: tried }) });
    const steps = one.steps.filter(({ op }) => op !== 'same');
    expect(steps.map(({ op, name, diffs }) => [op, name, ...diffs])).to.deep.equal([
      ['create-replacement', 'live-channel-sport-task', 'containerDefinitions'],
      ['replace', 'live-channel-sport-task', 'containerDefinitions'],
      ['update', 'live-channel-sport-service', 'taskDefinition'],
      ['delete-replaced', 'live-channel-sport-task'],
    ]);
    // And where the fleet has it, of the one that has it not yet.
    const all = changed(await stack.preview({ program: fleetOf({ channels: both, image: NEWER }) }));
    expect(all).to.deep.equal({
      'create-replacement': ['live-channel-news-task'],
      replace: ['live-channel-news-task'],
      update: ['live-channel-news-service'],
      'delete-replaced': ['live-channel-news-task'],
    });
  });

  it('is taken up again where an update was interrupted, and makes nothing twice', async () => {
    const stack = await engine.stackOf('resumed', fleetOf());
    const hold = engine.aws.hold({ method: 'create', name: 'live-providers' });
    const interrupt = new AbortController();
    const run = failure(stack.up({ signal: interrupt.signal }));
    await hold.reached;
    const cancelled = engine.aws.cancelled();
    interrupt.abort();
    await cancelled;
    hold.release();
    await run;
    const before = engine.aws.done('create');
    expect(before).to.include('live-channel-news-task').and.not.include('live-channel-news-service');
    expect((await stack.up()).changes.create).to.equal(1);
    expect(engine.aws.done('create')).to.deep.equal([...before, 'live-channel-news-service']);
    expect(changed(await stack.preview())).to.deep.equal({});
  });

  it('is taken up again where the CLI was killed, once its lock is taken away', async function () {
    if (!existsSync('/proc/self/stat')) skip(this, 'processes are found by /proc, which Linux has');
    const stack = await engine.stackOf('killed', fleetOf());
    const hold = engine.aws.hold({ method: 'create', name: 'live-channel-news-task' });
    const run = failure(stack.up());
    await hold.reached;
    for (const pid of ownProcesses('pulumi')) process.kill(pid, 'SIGKILL');
    await run;
    hold.release();
    // As `pulumi cancel` does.
    rmSync(path.join(engine.folder, 'state/.pulumi/locks'), { recursive: true });
    const again = changed(await stack.up());
    // The one whose answer was lost is asked for again; what had been answered may be in the state or not.
    expect(again['create']).to.include.members(['live-channel-news-service', 'live-channel-news-task']);
    expect(Object.keys(again)).to.deep.equal(['create']);
    expect(engine.aws.done('delete')).to.deep.equal([]);
    expect(changed(await stack.preview())).to.deep.equal({});
  });

  it('in prod leaves the logs in AWS, and takes all others away', async () => {
    const stack = await engine.stackOf('prod', fleetOf({ environment: 'prod' }));
    await stack.up();
    const made = engine.aws.done('create');
    await stack.destroy();
    const left = made.filter((name) => !engine.aws.done('delete').includes(name));
    expect(left).to.deep.equal(['live-channel-news-log']);
  });
});

describe('NvencEncodeFleet under the real engine that tells as little as AWS does', function () {
  this.timeout(60_000);
  const engine = engineOfSuite({ standIn: { previews: 'unknown' } });

  it('previews all that it makes', async () => {
    const stack = await engine.stackOf('unknown', fleetOf());
    const previewed = await stack.preview();
    expect((await stack.up()).changes).to.deep.equal(previewed.changes);
  });
});
