/** The program that `pulumi up` runs: docs/deploy.md. */
import * as pulumi from '@pulumi/pulumi';
import { refuseStaleBuild } from './build';
import { readSettings } from './environment';
import { live } from './live';

refuseStaleBuild();
module.exports = live(readSettings(new pulumi.Config('aws-media'), pulumi.getStack()));
