import { compliant, given, notApplicable, stackRule, text, violating } from '../../core';

export const clustersHaveAReader = stackRule({
  id: 'clusters-have-a-reader',
  family: 'resilience',
  title: 'An Aurora cluster has a second instance',
  severity: 'medium',
  controls: ['AWS FSBP RDS.15', 'CIS AWS v5.0.0 2.2.4'],
  why: 'Aurora fails over to a reader in about a minute; with no reader it makes a new instance first, if the zone has one.',
  fix: "new aws.rds.ClusterInstance('reader', { clusterIdentifier: cluster.id, engine: cluster.engine, instanceClass: 'db.r8g.large' });",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:rds/cluster:Cluster'],
  check: (cluster, _settings, stack) => {
    if (given(cluster, 'dbClusterInstanceClass') && text(cluster, 'dbClusterInstanceClass')) return compliant;
    if (text(cluster, 'engineMode') === 'serverless') return notApplicable('it has no instances of its own');
    const instances = stack.pointingAt(
      cluster,
      'clusterIdentifier',
      ['aws:rds/clusterInstance:ClusterInstance'],
      ['clusterIdentifier', 'id'],
    ).length;
    return instances >= 2 ? compliant : violating(`it has ${instances} of at least 2 instances`);
  },
});
