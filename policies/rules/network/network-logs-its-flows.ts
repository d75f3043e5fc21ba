import { compliant, stackRule, text, violating } from '../../core';

export const networkLogsItsFlows = stackRule({
  id: 'network-logs-its-flows',
  family: 'network',
  title: 'Every VPC logs what it rejects, or all of its traffic',
  severity: 'medium',
  controls: ['AWS FSBP EC2.6', 'CIS AWS v5.0.0 3.7'],
  why: 'Without flow logs nobody can say afterwards who was tried, by whom, and what left.',
  fix: "new aws.ec2.FlowLog('flows', { vpcId: vpc.id, trafficType: 'REJECT', logDestinationType: 's3', logDestination: bucket.arn })",
  levels: { starter: 'disabled', production: 'mandatory', regulated: 'mandatory' },
  looksAt: ['aws:ec2/vpc:Vpc'],
  check: (vpc, _, stack) => {
    const logs = stack.pointingAt(vpc, 'vpcId', ['aws:ec2/flowLog:FlowLog'], ['id']);
    return logs.some((log) => ['ALL', 'REJECT'].includes(text(log, 'trafficType') ?? ''))
      ? compliant
      : violating('no flow log says what it rejects');
  },
});
