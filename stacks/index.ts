/** The program that `pulumi up` runs: docs/deploy.md. */
import * as pulumi from '@pulumi/pulumi';
import { refuseStaleBuild } from './build';
import { pulumiConfiguration } from './configuration';
import { readSettings } from './environment';
import { live } from './live';

refuseStaleBuild();
module.exports = live(readSettings(pulumiConfiguration('aws-media'), pulumi.getStack()));
