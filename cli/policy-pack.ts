/** The policy pack as a program: Pulumi starts it and reads its port. */
import type * as policy from '@pulumi/policy';
import { loadOptional } from '../components/kit/optional-package';
import { mediaPolicies } from '../policies/index';
import { EXIT_CODES } from './exit';

function serve(): void {
  const { PolicyPack } = loadOptional<typeof policy>('@pulumi/policy', 'aws-media-policy-pack');
  new PolicyPack('aws-media', {
    displayName: 'Media on AWS',
    description: 'Cost, security and media rules for programs that use @pulumi/aws',
    policies: mediaPolicies(),
  });
}

try {
  serve();
} catch (error) {
  // Pulumi shows what a pack writes here.
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = EXIT_CODES.failure;
}
