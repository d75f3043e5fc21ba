import {
  among,
  amongItems,
  flag,
  found,
  isValues,
  resourceRule,
  text,
  when,
  type Resource,
} from '../../core';

const ofArtifacts = (project: Resource, path: string): readonly string[] =>
  amongItems(project, path, (output) =>
    isValues(output) && text(output, 'type') !== 'NO_ARTIFACTS'
      ? when(flag(output, 'encryptionDisabled') === true, 'what it builds is not encrypted')
      : [],
  );

const ofLogs = (project: Resource): readonly string[] =>
  amongItems(project, 'logsConfig.s3Logs', (log) =>
    isValues(log) && text(log, 'status') === 'ENABLED'
      ? when(flag(log, 'encryptionDisabled') === true, 'its logs in S3 are not encrypted')
      : [],
  );

export const buildsEncryptWhatTheyWrite = resourceRule({
  id: 'builds-encrypt-what-they-write',
  family: 'encryption',
  title: 'Builds encrypt their output and their logs',
  severity: 'medium',
  controls: ['AWS FSBP CodeBuild.3'],
  why: 'CodeBuild encrypts unless it is told not to; what it builds is the code that runs, and its log has the paths and at times the values that it ran with.',
  fix: 'Remove `encryptionDisabled: true` from `artifacts`, `secondaryArtifacts` and `logsConfig.s3Logs`',
  levels: {
    starter: 'advisory',
    production: 'mandatory',
    regulated: 'mandatory',
  },
  looksAt: ['aws:codebuild/project:Project'],
  check: (project) =>
    found([
      ...new Set(
        among(
          [
            () => ofArtifacts(project, 'artifacts'),
            () => ofArtifacts(project, 'secondaryArtifacts'),
            () => ofLogs(project),
          ],
          (look) => look(),
        ),
      ),
    ]),
});
