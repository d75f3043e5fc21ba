import * as pulumi from '@pulumi/pulumi';

/** Bad configuration. Pulumi shows its message without a stack trace, as of every RunError. */
export class ConfigurationError extends pulumi.RunError {}
