import * as pulumi from '@pulumi/pulumi';
import { mediaStack } from './stack';

const config = new pulumi.Config();
const { store, thumbnails } = mediaStack({ zoneId: config.require('zoneId'), dvr: config.require('dvr') });

export const segments = store.generalBucketName;
export const thumbnailsRole = thumbnails.arn;
