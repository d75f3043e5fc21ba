/** What CodeBuild does: nothing where the tag is there already, else builds and pushes; tells the digest. */

/** The variable that the build exports. */
export const DIGEST_VARIABLE = 'IMAGE_DIGEST';

/** Names of the project's environment variables that {@link BUILD_SCRIPT} reads. */
export const BUILD_VARIABLES = [
  'REPOSITORY',
  'REPOSITORY_URL',
  'TAG',
  'TARGET',
  'PLATFORM',
  'BASE',
  'SNAPSHOT',
  'VERSION',
] as const;
export type BuildVariable = (typeof BUILD_VARIABLES)[number];

/** For bash, in the folder of the context. */
export const BUILD_SCRIPT = `set -euo pipefail
found() {
  aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$TAG" \\
    --query 'imageDetails[0].imageDigest' --output text
}
if ! ${DIGEST_VARIABLE}=$(found 2>/tmp/absent); then
  grep -q ImageNotFoundException /tmp/absent || { cat /tmp/absent >&2; exit 1; }
  aws ecr get-login-password | docker login --username AWS --password-stdin "\${REPOSITORY_URL%%/*}"
  DOCKER_BUILDKIT=1 docker build --file encoder/Dockerfile --target "$TARGET" --platform "$PLATFORM" --pull \\
    --build-arg "BASE=$BASE" --build-arg "SNAPSHOT=\${SNAPSHOT:-}" --build-arg "VERSION=$VERSION" \\
    --tag "$REPOSITORY_URL:$TAG" .
  docker push "$REPOSITORY_URL:$TAG"
  ${DIGEST_VARIABLE}=$(found)
fi
export ${DIGEST_VARIABLE}
echo "$REPOSITORY_URL@$${DIGEST_VARIABLE}"
`;

/** As JSON, which is YAML too. */
export const buildSpec = (): string =>
  JSON.stringify({
    version: '0.2',
    env: { shell: 'bash', 'exported-variables': [DIGEST_VARIABLE] },
    phases: { build: { commands: [BUILD_SCRIPT] } },
  });
