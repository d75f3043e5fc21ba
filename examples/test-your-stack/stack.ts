/** The resources are made in a function, so that each test makes them anew. */
import * as iam from '@pulumi/aws/iam';
import * as pulumi from '@pulumi/pulumi';
// eslint-disable-next-line no-restricted-imports -- as the package's users import it
import { TieredSegmentStore } from 'pulumi-aws-media';

const tags = { team: 'video' };

export interface StackSettings {
  readonly zoneId: string;
  readonly dvr: string;
}

export interface MediaStack {
  readonly store: TieredSegmentStore;
  /** Of a function that makes a thumbnail of each segment. */
  readonly thumbnails: iam.Role;
}

export function mediaStack({ zoneId, dvr }: StackSettings): MediaStack {
  const store = new TieredSegmentStore('media', {
    zones: { a: { zoneId } },
    dvr,
    environment: 'dev',
    tags,
  });
  const thumbnails = new iam.Role('thumbnails', {
    assumeRolePolicy: iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' }),
    tags,
  });
  new iam.RolePolicy('thumbnails-read', {
    role: thumbnails.name,
    policy: pulumi.jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Segments',
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: pulumi.interpolate`${store.generalBucketArn}/live/*/s/*`,
        },
        { Sid: 'Key', Effect: 'Allow', Action: 'kms:Decrypt', Resource: store.keyArn },
      ],
    }),
  });
  return { store, thumbnails };
}
