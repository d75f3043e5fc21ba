import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { skip } from '../support/skip';

const yaml = createRequire(__filename)('js-yaml') as { load(text: string): unknown };
const ACTIONS = path.resolve('.github/actions');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = (file: string, env: NodeJS.ProcessEnv): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(file, { timeout: 30_000, env: { ...process.env, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

/** A repository on GitHub: what `gh api` of the script is answered with, kept in a file. */
const GH = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require('node:fs');
const file = process.env.GITHUB_STAND_IN;
const state = JSON.parse(readFileSync(file, 'utf8'));
const args = process.argv.slice(3);
const value = (flag) => args[args.indexOf(flag) + 1];
const method = args.includes('--method') ? value('--method') : 'GET';
const target = args.find((each) => each.startsWith('repos/'));
const body = () => readFileSync(value('-F').slice('body=@'.length), 'utf8');
if (method === 'POST') state.comments.push({ id: state.comments.length + 1, user: { type: 'Bot' }, body: body() });
else if (method === 'PATCH') state.comments.find(({ id }) => target.endsWith('/' + id)).body = body();
else console.log(JSON.stringify(target.includes('/comments') ? state.comments : state.pulls));
writeFileSync(file, JSON.stringify(state));
`;

interface Repository {
  readonly pulls: readonly object[];
  readonly comments: readonly {
    readonly id: number;
    readonly user: { readonly type: string };
    readonly body: string;
  }[];
}

describe('the check of pull requests', () => {
  let folder: string;

  before(function () {
    if (spawnSync('jq', ['--version']).status !== 0) skip(this, 'no jq: apt-get install jq');
    folder = mkdtempSync(path.join(tmpdir(), 'pull-request-'));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, content: string, mode = 0o644): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    chmodSync(file, mode);
    return file;
  };

  describe('media-check', () => {
    /** Stands in for the command: its words are in what it prints. */
    const command = (script: string) => write('aws-media', `#!/bin/sh\n${script}\n`, 0o755);
    const check = (env: NodeJS.ProcessEnv = {}) =>
      run(path.join(ACTIONS, 'media-check/check.sh'), {
        ...{ TARGET: 'prod', PROFILE: 'production', COMMAND: path.join(folder, 'aws-media') },
        ...{ OUTPUT: path.join(folder, 'out.md'), GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md') },
        ...{ GITHUB_OUTPUT: path.join(folder, 'output'), ...env },
      });
    const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

    beforeEach(() => {
      for (const name of ['out.md', 'summary.md', 'output']) rmSync(path.join(folder, name), { force: true });
    });

    it('writes the verdict and the plan to the comment and the summary', async () => {
      command('echo "### said $*"');
      const { code, err } = await check({ STACK: 'main', POLICY_CONFIG: 'policies.json' });
      expect(code, err).to.equal(0);
      expect(read('out.md')).to.equal(
        '### said policy check prod --stack main --profile production --policy-config policies.json --markdown\n' +
          '\n### said plan prod --stack main --markdown\n',
      );
      expect(read('summary.md')).to.equal(read('out.md'));
      expect(read('output')).to.equal('ok=true\n');
    });

    it('fails where something mandatory was found, with the comment written', async () => {
      command('echo "### said $1"; [ "$1" != policy ]');
      expect((await check()).code).to.equal(1);
      expect(read('out.md')).to.contain('### said policy').and.to.contain('### said plan');
      expect(read('output')).to.equal('ok=false\n');
    });

    it('says in the comment why there is no verdict, as text that is no markup', async () => {
      command('echo "<img src=x> @everybody the program threw" >&2; exit 1');
      expect((await check()).code).to.equal(1);
      expect(read('out.md')).to.contain('### policies could not be made (exit code 1)');
      expect(read('out.md')).to.contain('\n    <img src=x> @everybody the program threw\n');
    });
  });

  describe('media-comment', () => {
    const HEAD = { sha: 'abc', repo: { full_name: 'fork/media' } };
    const post = async (
      repository: Repository,
      text: string,
    ): Promise<Outcome & { readonly after: Repository }> => {
      write('gh', GH, 0o755);
      const state = write('state.json', JSON.stringify(repository));
      const outcome = await run(path.join(ACTIONS, 'media-comment/post.sh'), {
        PATH: `${folder}:${path.dirname(process.execPath)}:${process.env['PATH']}`,
        ...{ FILE: write('comment.md', text), GITHUB_STAND_IN: state, GITHUB_REPOSITORY: 'team/media' },
        ...{ HEAD_REPOSITORY: 'fork/media', HEAD_BRANCH: 'wider', HEAD_SHA: 'abc' },
      });
      return { ...outcome, after: JSON.parse(readFileSync(state, 'utf8')) as Repository };
    };

    it('posts one comment, and edits it in place afterwards, among comments of others', async () => {
      const others = [
        { id: 1, user: { type: 'User' }, body: '<!-- aws-media-check --> mine' },
        { id: 2, user: { type: 'Bot' }, body: 'coverage' },
      ];
      const first = await post({ pulls: [{ number: 7, head: HEAD }], comments: others }, 'first');
      expect(first.code, first.err).to.equal(0);
      expect(first.after.comments.slice(0, 2)).to.deep.equal(others);
      expect(first.after.comments[2]!.body).to.equal('<!-- aws-media-check -->\nfirst');
      const second = await post(first.after, 'second');
      expect(second.after.comments).to.have.length(3);
      expect(second.after.comments[2]!.body).to.equal('<!-- aws-media-check -->\nsecond');
    });

    it('posts nothing to a pull request that has a newer commit, or is of another repository', async () => {
      for (const head of [
        { ...HEAD, sha: 'def' },
        { ...HEAD, repo: { full_name: 'other/media' } },
      ]) {
        const { code, out, after } = await post({ pulls: [{ number: 7, head }], comments: [] }, 'late');
        expect([code, after.comments]).to.deep.equal([0, []]);
        expect(out).to.contain('Nothing is posted');
      }
    });

    it('cuts what GitHub would refuse, and takes its own mark out of what it posts', async () => {
      const { after } = await post(
        { pulls: [{ number: 7, head: HEAD }], comments: [] },
        `<!-- aws-media-check -->${'é'.repeat(70_000)}`,
      );
      const [{ body }] = after.comments as [Repository['comments'][number]];
      expect(body.length).to.be.below(65_536);
      expect(body.split('<!-- aws-media-check -->')).to.have.length(2);
      expect(body).to.match(/é\n\n_Cut: /);
    });
  });

  it('gives a job that runs a pull request’s code nothing, and the one that may write no code', () => {
    interface Workflow {
      readonly permissions: object;
      readonly jobs: Record<
        string,
        { permissions: Record<string, string>; steps: { uses?: string; run?: string }[] }
      >;
    }
    const load = (name: string) =>
      yaml.load(readFileSync(`.github/workflows/${name}.yml`, 'utf8')) as Workflow;
    const [check, comment] = [load('media-check'), load('media-comment')];
    expect([check.permissions, comment.permissions]).to.deep.equal([{}, {}]);
    expect(check.jobs['check']!.permissions).to.deep.equal({ contents: 'read' });
    expect(comment.jobs['comment']!.steps.filter(({ run }) => run !== undefined)).to.deep.equal([]);
    for (const file of globSync('.github/{workflows,actions/*}/*.yml')) {
      const text = readFileSync(file, 'utf8');
      expect(text, file).not.to.contain('secrets.');
      // An expression in a script is code that whoever names the branch writes.
      expect([...text.matchAll(/run: .*\$\{\{/g)], file).to.deep.equal([]);
    }
  });
});
