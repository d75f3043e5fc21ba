import { SECRET, Undecided, compliant, peek, resourceRule, violating } from '../../core';
import { VARIABLES, isSecret } from './environment-variables';

export const noSecretInPlainEnvironment = resourceRule({
  id: 'no-secret-in-plain-environment',
  family: 'identity',
  title: 'No environment variable holds a secret',
  severity: 'critical',
  controls: ['AWS FSBP ECS.8', 'AWS FSBP CodeBuild.2'],
  why: 'Anybody who may describe a task, a function or a build reads its variables, and they stand in consoles, logs of deployments and crash reports.',
  fix: "ECS: `secrets: [{ name: 'PASSPHRASE', valueFrom: secret.arn }]`; Lambda: give the ARN and read the secret at the start; CodeBuild: `type: 'SECRETS_MANAGER'`",
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: Object.keys(VARIABLES),
  settings: {
    except: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'Names of variables that look like secrets and are none: DB_SECRET, where it names one',
    },
  },
  check: (resource, { except }) => {
    if (peek(resource, 'containerDefinitions') === SECRET) {
      return violating('its container definitions hold a value that the program calls a secret');
    }
    const variables = VARIABLES[resource.type]!(resource).filter(({ name }) => !except.includes(name));
    const secrets = variables.filter((variable) => isSecret(variable) === true);
    if (secrets.length > 0)
      return violating(...secrets.map(({ name }) => `the variable ${name} holds a secret`));
    const undecided = variables.find((variable) => isSecret(variable) === undefined);
    if (undecided) throw new Undecided(`environment variable ${undecided.name}`);
    return compliant;
  },
});
