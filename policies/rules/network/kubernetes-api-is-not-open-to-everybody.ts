import { blocks, flag, found, itemsOf, peek, resourceRule } from '../../core';
import { fromAnywhere } from './openings';

export const kubernetesApiIsNotOpenToEverybody = resourceRule({
  id: 'kubernetes-api-is-not-open-to-everybody',
  family: 'network',
  title: 'The API of no EKS cluster is open to the whole internet',
  severity: 'high',
  controls: ['AWS FSBP EKS.1'],
  why: 'EKS opens it to everybody unless it is told otherwise; one stolen token or one flaw of the API server is then the whole cluster.',
  fix: "`vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false, subnetIds }`, or `publicAccessCidrs: ['203.0.113.0/24']`",
  levels: { starter: 'advisory', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:eks/cluster:Cluster'],
  check: (cluster) =>
    found(
      blocks(cluster, 'vpcConfig').flatMap((network) => {
        if (flag(network, 'endpointPublicAccess') === false) return [];
        const open = (range: string) => [`its API is open to ${range}`];
        if (itemsOf(peek(network, 'publicAccessCidrs')).length === 0) return open('0.0.0.0/0');
        return fromAnywhere(network, 'publicAccessCidrs', open);
      }),
    ),
});
