import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { BUILD_SCRIPT, BUILD_VARIABLES, buildSpec } from '../../components/encode/image/build-spec';
import { skip } from '../support/skip';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const VARIABLES = {
  REPOSITORY: 'media/encoder',
  REPOSITORY_URL: '123456789012.dkr.ecr.us-east-1.amazonaws.com/media/encoder',
  TAG: '0.1.0-0123456789ab-encoder-amd64',
  TARGET: 'encoder',
  PLATFORM: 'linux/amd64',
  BASE: 'debian:bookworm-slim',
  SNAPSHOT: '20261101T000000Z',
  VERSION: '0.1.0',
};

/** The script in a real bash, with `aws` and `docker` that write down how they were called. */
describe('the build by CodeBuild', () => {
  let folder: string;
  before(function () {
    if (spawnSync('bash', ['--norc', '-c', 'true']).status !== 0) skip(this, 'no bash: apt-get install bash');
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'aws-media-build-'));
    program(
      'docker',
      `echo "docker $*" >>"$CALLS"; if [ "$1" = push ]; then touch "$FOLDER/pushed"; fi; if [ "$1" = login ]; then cat >"$FOLDER/password"; fi; [ "$1" != "$FAILS" ]`,
    );
    program(
      'aws',
      `echo "aws $*" >>"$CALLS"
if [ "$2" = get-login-password ]; then echo secret; exit; fi
if [ -e "$FOLDER/pushed" ]; then echo ${DIGEST}; else echo "An error occurred ($ABSENT) when calling DescribeImages" >&2; exit 254; fi`,
    );
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const program = (name: string, text: string) =>
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const calls = () => {
    const file = path.join(folder, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  const run = (more: Record<string, string> = {}) =>
    spawnSync(
      'bash',
      ['--norc', '-c', `${BUILD_SCRIPT}\nprintf 'told %s\\n' "$(bash --norc -c 'echo $IMAGE_DIGEST')"`],
      {
        encoding: 'utf8',
        timeout: 10_000,
        env: {
          ...VARIABLES,
          PATH: `${folder}:${process.env['PATH']}`,
          FOLDER: folder,
          CALLS: path.join(folder, 'calls'),
          ABSENT: 'ImageNotFoundException',
          FAILS: 'nothing',
          ...more,
        },
      },
    );
  const found = `aws ecr describe-images --repository-name media/encoder --image-ids imageTag=${VARIABLES.TAG} --query imageDetails[0].imageDigest --output text`;

  it('builds, pushes, and exports the digest', () => {
    const { status, stdout, stderr } = run();
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
    expect(stdout).to.equal(`${VARIABLES.REPOSITORY_URL}@${DIGEST}\ntold ${DIGEST}\n`);
    expect(calls()).to.have.members([
      found,
      'aws ecr get-login-password',
      'docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com',
      `docker build --file encoder/Dockerfile --target encoder --platform linux/amd64 --pull --build-arg BASE=debian:bookworm-slim --build-arg SNAPSHOT=20261101T000000Z --build-arg VERSION=0.1.0 --tag ${VARIABLES.REPOSITORY_URL}:${VARIABLES.TAG} .`,
      `docker push ${VARIABLES.REPOSITORY_URL}:${VARIABLES.TAG}`,
      found,
    ]);
    expect(readFileSync(path.join(folder, 'password'), 'utf8')).to.equal('secret\n');
  });

  it('builds nothing where the tag is there, because it is of the same content', () => {
    writeFileSync(path.join(folder, 'pushed'), '');
    const { status, stdout } = run();
    expect(status).to.equal(0);
    expect(stdout).to.include(`told ${DIGEST}`);
    expect(calls()).to.deep.equal([found]);
  });

  it('stops where ECR refuses to say, and shows why', () => {
    const { status, stderr } = run({ ABSENT: 'AccessDeniedException' });
    expect(status).to.equal(1);
    expect(stderr).to.include('AccessDeniedException');
    expect(calls()).to.deep.equal([found]);
  });

  for (const step of ['login', 'build', 'push']) {
    it(`fails where docker ${step} does`, () => {
      const { status, stdout } = run({ FAILS: step });
      expect(status).to.equal(1);
      expect(stdout).not.to.include('told');
    });
  }

  it('takes a project that has no SNAPSHOT, because CodeBuild knows no empty variables', () => {
    const others = Object.fromEntries(Object.entries(VARIABLES).filter(([name]) => name !== 'SNAPSHOT'));
    const { status, stderr } = spawnSync('bash', ['--norc', '-c', BUILD_SCRIPT], {
      encoding: 'utf8',
      env: {
        ...others,
        PATH: `${folder}:${process.env['PATH']}`,
        FOLDER: folder,
        CALLS: path.join(folder, 'calls'),
        ABSENT: 'ImageNotFoundException',
        FAILS: '-',
      },
    });
    expect(stderr).to.equal('');
    expect(status).to.equal(0);
  });

  it('is told in a form that CodeBuild reads', () => {
    expect(JSON.parse(buildSpec())).to.deep.equal({
      version: '0.2',
      env: { shell: 'bash', 'exported-variables': ['IMAGE_DIGEST'] },
      phases: { build: { commands: [BUILD_SCRIPT] } },
    });
    for (const variable of BUILD_VARIABLES)
      expect(BUILD_SCRIPT).to.match(new RegExp(`\\$\\{?${variable}\\b`));
  });
});
