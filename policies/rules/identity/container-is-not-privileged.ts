import {
  among,
  amongItems,
  document,
  flag,
  found,
  isValues,
  resourceRule,
  text,
  texts,
  when,
  type Value,
  type Values,
} from '../../core';

/** Capabilities of Linux that are as good as root on the instance. */
const POWERFUL = ['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_PTRACE'];

const judge = (container: Values): readonly string[] => {
  const name = `the container ${text(container, 'name') ?? 'without a name'}`;
  return [
    ...when(flag(container, 'privileged') === true, `${name} is privileged`),
    ...texts(container, 'linuxParameters.capabilities.add')
      .filter((capability) => POWERFUL.includes(capability.replace(/^CAP_/, '')))
      .map((capability) => `${name} has the capability ${capability}`),
  ];
};

export const containerIsNotPrivileged = resourceRule({
  id: 'container-is-not-privileged',
  family: 'identity',
  title: 'No container has the powers of its instance',
  severity: 'high',
  controls: ['AWS FSBP ECS.3', 'AWS FSBP ECS.4'],
  why: 'A flaw in a decoder, which reads what strangers send, is then root on the instance, with the role of every task on it. GPUs need no privilege: the NVIDIA runtime gives them.',
  fix: "Remove `privileged`, `pidMode: 'host'` and `ipcMode: 'host'`; for a GPU: `resourceRequirements: [{ type: 'GPU', value: '1' }]`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ecs/taskDefinition:TaskDefinition'],
  check: (task) =>
    found(
      among(
        [
          () =>
            ['pidMode', 'ipcMode']
              .filter((mode) => text(task, mode) === 'host')
              .map((mode) => `its ${mode} is the one of the instance`),
          () => {
            const containers = { all: document(task, 'containerDefinitions') as Value };
            return amongItems(containers, 'all', (each) => (isValues(each) ? judge(each) : []));
          },
        ],
        (look) => look(),
      ),
    ),
});
