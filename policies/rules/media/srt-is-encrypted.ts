import { Undecided, found, notApplicable, peek, stackRule, text, UNKNOWN, compliant } from '../../core';
import { SERVICE, TARGET_GROUP, TASK, containersOf, isEncoder, named, type Container } from './containers';

const SECRET_TYPE = 'aws:secretsmanager/secret:Secret';

const takesSrt = ({ environment }: Container): boolean => environment.get('SOURCE') === 'srt';

const hasPassphrase = ({ environment }: Container): boolean =>
  ['SRT_PASSPHRASE_SECRET', 'SRT_PASSPHRASES_FILE'].some((name) => (environment.get(name) ?? '') !== '');

export const srtIsEncrypted = stackRule({
  id: 'srt-is-encrypted',
  family: 'media',
  title: 'Channels take SRT with a passphrase alone',
  severity: 'high',
  controls: [],
  why: 'Without a passphrase whoever reaches the port puts pictures on the channel, and whoever is on the way sees it before anybody else.',
  fix: 'Give the encoder `SRT_PASSPHRASE_SECRET` with the ARN of a secret, and its role leave to read it; SrtIngest does both.',
  levels: { starter: 'mandatory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: [TASK],
  check: (task, _settings, stack) => {
    if (peek(task, 'containerDefinitions') === UNKNOWN) {
      // Where the values come from is known before the values are.
      if (stack.behind(task, 'containerDefinitions', SECRET_TYPE).length > 0) return compliant;
      const groups = stack
        .ofType(SERVICE)
        .filter((service) =>
          named(service, 'taskDefinition', stack, TASK, []).some(({ urn }) => urn === task.urn),
        )
        .flatMap((service) => stack.behind(service, 'loadBalancers', TARGET_GROUP));
      const isUdp = groups.some((group) => (text(group, 'protocol') ?? '').includes('UDP'));
      if (groups.length > 0 && !isUdp) return notApplicable('it takes no SRT');
      throw new Undecided('containerDefinitions');
    }
    const callees = containersOf(task).filter((container) => isEncoder(container) && takesSrt(container));
    if (callees.length === 0) return notApplicable('it takes no SRT');
    return found(
      callees
        .filter((container) => !hasPassphrase(container))
        .map(({ name }) => `the container ${name} takes SRT without a passphrase`),
    );
  },
});
