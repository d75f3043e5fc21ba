/** A website's backend by awsx, whose defaults are for trials. */
import * as aws from '@pulumi/aws';
import * as awsx from '@pulumi/awsx';

export function awsxProgram(): void {
  const vpc = new awsx.ec2.Vpc('api', {
    numberOfAvailabilityZones: 3,
    natGateways: { strategy: 'OnePerAz' },
    subnetStrategy: 'Auto',
  });
  const balancer = new awsx.lb.ApplicationLoadBalancer('api', { subnetIds: vpc.publicSubnetIds });
  const cluster = new aws.ecs.Cluster('api');
  new awsx.ecs.FargateService('api', {
    cluster: cluster.arn,
    networkConfiguration: { subnets: vpc.publicSubnetIds, assignPublicIp: true, securityGroups: [] },
    desiredCount: 1,
    taskDefinitionArgs: {
      container: {
        name: 'api',
        image: 'video/api:latest',
        cpu: 256,
        memory: 512,
        portMappings: [{ containerPort: 80, targetGroup: balancer.defaultTargetGroup }],
      },
    },
  });
}
