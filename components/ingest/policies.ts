/** What a role needs to read passphrases, and no more. */

/** A statement of a policy document. */
export interface PassphraseStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: string;
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document. */
export interface PassphrasePolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PassphraseStatement[];
}

/** A passphrase's secret, and the key where it is a customer's. */
export interface SecretRef {
  readonly secretArn: string;
  readonly keyArn?: string | undefined;
}

/**
 * The value, and where a customer's key encrypts it, its use by Secrets Manager, for these secrets alone: Secrets Manager
 * User Guide, "Secret encryption and decryption".
 */
export function passphrasePolicy(secrets: readonly SecretRef[]): PassphrasePolicy {
  const keys = [...new Set(secrets.flatMap(({ keyArn }) => keyArn ?? []))].sort();
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Passphrases',
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: secrets.map(({ secretArn }) => secretArn),
      },
      ...keys.map((key, n) => {
        const own = secrets.filter(({ keyArn }) => keyArn === key).map(({ secretArn }) => secretArn);
        return {
          Sid: keys.length === 1 ? 'Key' : `Key${n + 1}`,
          Effect: 'Allow' as const,
          Action: 'kms:Decrypt',
          Resource: key,
          Condition: {
            StringEquals: {
              'kms:ViaService': [...new Set(own.flatMap(servicesOf))],
              'kms:EncryptionContext:SecretARN': own,
            },
          },
        };
      }),
    ],
  };
}

/** Secrets Manager of the secret's region, as KMS sees it: both ends of the name that are in use in China. */
function servicesOf(secretArn: string): string[] {
  const [, partition, , region] = secretArn.split(':');
  const service = `secretsmanager.${region}.amazonaws.com`;
  return partition === 'aws-cn' ? [service, `${service}.cn`] : [service];
}
