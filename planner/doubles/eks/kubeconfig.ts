// Follows nodejs/eks/cluster/cluster.ts of pulumi-eks 4.3.0.
import { at, derived } from '../construct/traced';
import type { Child, Construction } from '../construct/construction';
import type { Traced } from '../construct/traced';

/** What kubectl needs to reach the cluster; it holds no secret, but the command that gets one. */
export function kubeconfigOf(component: Construction, cluster: Child, withProfile: boolean): Traced {
  const options = component.given('providerCredentialOpts');
  return derived(
    {
      name: cluster.output('name'),
      server: cluster.output('endpoint'),
      certificate: at(cluster.output('certificateAuthority'), 'data'),
      arn: cluster.output('arn'),
      options: options ?? {},
    },
    ({ name, server, certificate, arn, options: credentials }: Parts) => {
      const region = arn.split(':')[3] ?? '';
      const args = ['--region', region, 'eks', 'get-token', '--cluster-name', name, '--output', 'json'];
      if (credentials.roleArn) args.push('--role', credentials.roleArn);
      if (withProfile && credentials.profileName) args.push('--profile', credentials.profileName);
      const api = 'client.authentication.k8s.io/v1beta1';
      const env = [{ name: 'KUBERNETES_EXEC_INFO', value: `{"apiVersion": "${api}"}` }];
      return {
        apiVersion: 'v1',
        clusters: [{ cluster: { server, 'certificate-authority-data': certificate }, name: 'kubernetes' }],
        contexts: [{ context: { cluster: 'kubernetes', user: 'aws' }, name: 'aws' }],
        'current-context': 'aws',
        kind: 'Config',
        users: [{ name: 'aws', user: { exec: { apiVersion: api, command: 'aws', args, env } } }],
      };
    },
  );
}

interface Parts {
  readonly name: string;
  readonly server: string;
  readonly certificate: string;
  readonly arn: string;
  readonly options: { readonly roleArn?: string; readonly profileName?: string };
}
