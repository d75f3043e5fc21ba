/** Our rules, and the checks of Checkov that look at the same thing. */
import { checkGraph } from '../../planner/check';
import { ALL_RULES } from '../../policies/rules';
import type { FailedCheck } from './scan';
import { GraphQuery, type Graph } from '../../planner';

interface Twins {
  readonly checks: readonly string[];
  /** Why the two may say different things of one resource; absent: they may not. */
  readonly differs?: string;
}

/** By id of the rule. */
export const TWINS: Readonly<Record<string, Twins>> = {
  'alarms-tell-somebody': {
    checks: ['CKV_AWS_319'],
    differs: 'Checkov asks whether actions are enabled; the rule, whether there are any.',
  },
  'answers-have-hsts-and-nosniff': {
    checks: ['CKV_AWS_259'],
    differs: 'Checkov asks for `preload` too, a promise of the whole domain that its owner makes.',
  },
  'balancers-log-requests': {
    checks: ['CKV_AWS_91'],
    differs:
      'A network load balancer logs TLS listeners alone, and these are UDP: the rule looks at application load balancers.',
  },
  'balancers-refuse-deletion': { checks: ['CKV_AWS_150'] },
  'bucket-access-is-logged': { checks: ['CKV_AWS_18'] },
  'bucket-encrypts-with-kms': { checks: ['CKV_AWS_145'] },
  'bucket-has-a-public-access-block': { checks: ['CKV2_AWS_6'] },
  'bucket-has-no-acls': { checks: ['CKV2_AWS_65'] },
  'bucket-origins-have-access-control': { checks: ['CKV2_AWS_46'] },
  'buckets-have-a-lifecycle': {
    checks: ['CKV2_AWS_61'],
    differs:
      'To Checkov any rule will do; ours asks for one that expires or moves objects, not only unfinished uploads.',
  },
  'clusters-have-container-insights': { checks: ['CKV_AWS_65'] },
  'critical-bucket-keeps-versions': {
    checks: ['CKV_AWS_21'],
    differs:
      'The rule looks at buckets that are tagged critical: media objects are written once, so a version protects nothing.',
  },
  'custom-origins-use-https': { checks: ['CKV2_AWS_72'] },
  'default-security-group-is-closed': { checks: ['CKV2_AWS_12'] },
  'distribution-has-a-web-acl': { checks: ['CKV_AWS_68'] },
  'distribution-has-its-own-certificate': { checks: ['CKV2_AWS_42'] },
  'distribution-is-logged': { checks: ['CKV_AWS_86'] },
  'fargate-is-current': { checks: ['CKV_AWS_332'] },
  'functions-run-on-supported-runtimes': { checks: ['CKV_AWS_363'] },
  'github-trust-names-the-repository': { checks: ['CKV_AWS_393'] },
  'image-repository-uses-kms': { checks: ['CKV_AWS_136'] },
  'image-tags-stay': { checks: ['CKV_AWS_51'] },
  'images-are-scanned': { checks: ['CKV_AWS_163'] },
  'instance-has-no-public-address': { checks: ['CKV_AWS_88'] },
  'instance-metadata-needs-a-token': { checks: ['CKV_AWS_79', 'CKV_AWS_341'] },
  'key-policy-is-not-for-everybody': { checks: ['CKV_AWS_33'] },
  'key-rotates': { checks: ['CKV_AWS_7'] },
  'listener-tls-policy-is-current': {
    checks: ['CKV2_AWS_74'],
  },
  'load-balancer-drops-invalid-headers': { checks: ['CKV_AWS_131'] },
  'log-group-uses-customer-key': { checks: ['CKV_AWS_158'] },
  'log-groups-expire': { checks: ['CKV_AWS_66'] },
  'network-acl-keeps-ssh-and-rdp-out': { checks: ['CKV_AWS_231', 'CKV_AWS_232'] },
  'network-logs-its-flows': { checks: ['CKV2_AWS_11'] },
  'no-administrator-attached': { checks: ['CKV_AWS_274', 'CKV2_AWS_56'] },
  'no-launch-configurations': { checks: ['CKV_AWS_315'] },
  'no-policy-allows-everything': { checks: ['CKV_AWS_62', 'CKV_AWS_63'] },
  'no-secret-in-plain-environment': { checks: ['CKV_AWS_45'] },
  'no-ssh-or-rdp-from-anywhere': { checks: ['CKV_AWS_24', 'CKV_AWS_25'] },
  'public-access-block-is-complete': { checks: ['CKV_AWS_53', 'CKV_AWS_54', 'CKV_AWS_55', 'CKV_AWS_56'] },
  'public-listener-uses-tls': {
    checks: ['CKV_AWS_2'],
    differs:
      'Checkov asks it of every listener; the origin’s is inside the VPC, and only CloudFront reaches it.',
  },
  'role-is-not-for-everybody': { checks: ['CKV_AWS_60', 'CKV_AWS_61'] },
  'secret-uses-customer-key': { checks: ['CKV_AWS_149'] },
  'security-group-rule-says-why': { checks: ['CKV_AWS_23'] },
  'subnet-gives-no-public-addresses': { checks: ['CKV_AWS_130'] },
  'task-file-systems-use-tls': { checks: ['CKV_AWS_97'] },
  'task-role-is-not-the-execution-role': { checks: ['CKV_AWS_249'] },
  'targets-are-checked': { checks: ['CKV_AWS_261'] },
  'task-has-no-public-address': { checks: ['CKV_AWS_333'] },
  'unfinished-uploads-are-aborted': { checks: ['CKV_AWS_300'] },
  'viewer-tls-is-1-2-or-newer': {
    checks: ['CKV_AWS_174'],
    differs: 'With CloudFront’s own name the version is CloudFront’s, and nobody can ask for another.',
  },
  'viewers-use-https': { checks: ['CKV_AWS_34'] },
};

/** Terraform's names have the components' in them. */
const label = (path: string): string => path.replace(/\W/g, '_');

/** What only one of the two says of one resource. */
export function disagreements(
  graph: Graph,
  failed: readonly FailedCheck[],
): readonly { readonly rule: string; readonly text: string }[] {
  // Also those that a profile disables.
  const rules = Object.fromEntries(ALL_RULES.map(({ id }) => [id, { level: 'advisory' as const }]));
  const { findings } = checkGraph(graph, { rules });
  const query = new GraphQuery(graph);
  const names = new Map(graph.resources.map((resource) => [resource.urn, label(query.path(resource))]));
  return Object.entries(TWINS).flatMap(([rule, { checks }]) => {
    const ours = new Set(findings.filter((each) => each.rule === rule).map(({ urn }) => names.get(urn)!));
    const theirs = new Set(
      failed.filter(({ check }) => checks.includes(check)).map(({ resource }) => resource.split('.').at(-1)!),
    );
    return [
      ...[...ours]
        .filter((name) => !theirs.has(name))
        .map((name) => ({ rule, text: `${rule}: only we find ${name}` })),
      ...[...theirs]
        .filter((name) => !ours.has(name))
        .map((name) => ({ rule, text: `${rule}: only Checkov finds ${name} (${checks.join(', ')})` })),
    ];
  });
}
