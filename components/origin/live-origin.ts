/** What a distribution of CloudFront needs of a live origin. An LlHlsOrigin is one; an object of these will do as well. */
import type * as pulumi from '@pulumi/pulumi';

/** A live origin in a VPC, as CloudFront reaches it. */
export interface LiveOrigin {
  /** Id of the VPC origin. */
  readonly vpcOriginId: pulumi.Input<string>;
  /** Domain name of the distribution's origin: the load balancer's, or the one that its certificate is of. */
  readonly domainName: pulumi.Input<string>;
  /** Seconds that CloudFront waits for an answer: longer than the origin holds any request. */
  readonly readTimeoutSeconds: number;
  /** Seconds that CloudFront keeps an idle connection: shorter than the load balancer does. */
  readonly keepaliveTimeoutSeconds: number;
  /** Security group of the load balancer. */
  readonly securityGroupId: pulumi.Input<string>;
  readonly loadBalancerArn: pulumi.Input<string>;
}
