/** What packs of others ask for, and this one does not: each with its reason. */
export const LEFT_OUT: readonly {
  readonly what: string;
  readonly why: string;
}[] = [
  {
    what: 'A key of your own for every volume, file system, queue, stream, database, cache and build',
    why: 'AWS’s own keys encrypt as well; a key costs $1 a month and a call for each use. Buckets, secrets, tables, log groups and images have rules by profile, and what is tagged as personal data has personal-data-has-its-own-key.',
  },
  {
    what: 'A copy of every bucket in another region',
    why: 'Live segments expire before a copy is of use: a second region has an encoder and a store of its own. copies-stay-in-allowed-regions judges the copies that there are.',
  },
  {
    what: 'Versions of every bucket',
    why: 'Media objects are written once, so a version protects nothing and is paid for; critical-bucket-keeps-versions asks it of what is tagged as critical.',
  },
  {
    what: 'Rotation of secrets by a clock',
    why: 'A passphrase of SRT changes on both sides at once, so the contributor has to be told, and keys of DRM come from a key server: rotation unasked cuts the picture.',
  },
  {
    what: 'A read-only root file system of containers',
    why: 'ffmpeg and a packager’s sockets need a temporary folder, and tasks on EC2 with the host’s network have no tmpfs by default; container-is-not-privileged keeps them from the instance.',
  },
  {
    what: 'Detailed monitoring of instances',
    why: 'cdk-nag and Checkov ask for it, CloudBurn asks that it is off; it is paid for by the instance, and encoders report each second of theirs.',
  },
  {
    what: 'Countries of a distribution',
    why: 'Where a channel may be watched is a matter of its rights; distributions-restrict-the-same-countries asks that what is restricted is restricted everywhere.',
  },
  {
    what: 'Functions in a VPC, with reserved concurrency, signed code and traces',
    why: 'Functions here run at deployment or at an event and call AWS alone: each of these adds cost or a fault, and keeps nobody out.',
  },
  {
    what: 'Balancing across zones, and scaling of every service by load',
    why: 'A channel has one encoder in one zone, and its contributor is sent there; balancers-stand-in-several-zones and channels-have-one-encoder know of that.',
  },
  {
    what: 'Graviton for every instance and function',
    why: 'Instances with NVENC are x86, but for one old series, and images are built for one architecture; the planner compares what types cost.',
  },
  {
    what: 'All traffic out by named ranges',
    why: 'Encoders pull and push wherever a contributor or a destination is; compute-runs-in-private-subnets and vpc-endpoint-has-a-policy limit what goes where.',
  },
  {
    what: 'Lists of hundreds of actions that policies may not allow on everything',
    why: 'Such lists are old when AWS adds an action; no-policy-allows-all-of-a-service, pass-role-names-its-roles and decryption-names-its-keys name what reaches furthest.',
  },
  {
    what: 'Passwords, groups and consoles of the account; encryption of EBS by default; DNSSEC of the domain',
    why: 'They belong to the account or the domain, which no stack of media owns; no-users-or-access-keys leaves nobody with a password.',
  },
  {
    what: 'Logs, ports and parameters by database engine',
    why: 'They depend on engine and version, and logs of queries hold the values that were asked for; the rules of databases ask for encryption, backups, a standby and no public address.',
  },
  {
    what: 'What is idle, stopped, unattached or about to end',
    why: 'Only a running account tells it: use and age are measured, and a program says neither.',
  },
  {
    what: 'The rest, check by check',
    why: '[docs/policies-compared.md](../docs/policies-compared.md) answers each check of cdk-nag, Checkov, CloudBurn and Pulumi’s compliance policies for these services.',
  },
];
