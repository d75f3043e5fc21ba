/** What an instance does when it starts, before ECS may use it. */

/** What the script depends on. */
export interface UserDataOptions {
  /** Name of the cluster: letters, digits and hyphens. */
  readonly cluster: string;
  /** Namespace of the metric for GPU errors. */
  readonly metricsNamespace: string;
  /** Whether instances wait in a warm pool before they are in service. */
  readonly warmPool: boolean;
  /** Whether images are pulled only where they are absent: for images that are named by digest. */
  readonly preferCachedImages: boolean;
  /** Seconds that a container gets after SIGTERM where its task definition does not say. */
  readonly stopTimeoutSeconds: number;
}

/** Bytes that EC2 takes before it is encoded: EC2 User Guide, "User data". */
export const MAX_USER_DATA_BYTES = 16_384;

/** What a receive buffer may have, in bytes: the runtime asks for 8 MiB (docs/doctor.md). */
export const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;

/** MiB that the agent leaves to the system and to itself. An assumption. */
const RESERVED_MEMORY_MIB = 512;

/**
 * The script. It stops at the first command that fails, and then ends the instance: an instance without a working GPU
 * must not join the cluster, because every task that is placed there would fail. The Auto Scaling group replaces it.
 *
 * The GPU image has the driver, the container toolkit, a fixed clock and persistence already, and Docker knows the
 * nvidia runtime (aws/amazon-ecs-ami, scripts/al2023/gpu). What is left is to make that runtime the default, so that
 * tasks share the GPU: ECS itself hands out whole GPUs only (aws/containers-roadmap#327).
 * @throws RangeError where the cluster's name could be anything but a name, or the script is too long for EC2
 */
export function userData(options: UserDataOptions): string {
  for (const name of [options.cluster, options.metricsNamespace]) {
    if (!/^[A-Za-z0-9-]{1,255}$/.test(name)) throw new RangeError(`not a name: ${JSON.stringify(name)}`);
  }
  const script = [
    HEAD,
    RECEIVE_BUFFER,
    agentConfiguration(options),
    RUNTIME,
    GPU_ERRORS.replaceAll('@CLUSTER@', options.cluster).replaceAll('@NAMESPACE@', options.metricsNamespace),
    END,
  ].join('\n');
  const bytes = Buffer.byteLength(script);
  if (bytes > MAX_USER_DATA_BYTES) throw new RangeError(`user data of ${bytes} bytes`);
  return script;
}

/** Settings of the agent, by name: aws/amazon-ecs-agent, README.md, "Environment Variables". */
export function agentSettings(options: UserDataOptions): Readonly<Record<string, string>> {
  return {
    ECS_CLUSTER: options.cluster,
    ECS_ENABLE_GPU_SUPPORT: 'true',
    // Roles of tasks, also of those with the host's network.
    ECS_ENABLE_TASK_IAM_ROLE: 'true',
    ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST: 'true',
    // Logs are written with the task's execution role, so the instance's role needs no permission for them.
    ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE: 'true',
    ECS_AVAILABLE_LOGGING_DRIVERS: '["json-file","awslogs"]',
    // At Spot's notice, and before a rebalance, tasks are moved.
    ECS_ENABLE_SPOT_INSTANCE_DRAINING: 'true',
    ...(options.warmPool && { ECS_WARM_POOLS_CHECK: 'true' }),
    ECS_CONTAINER_STOP_TIMEOUT: `${options.stopTimeoutSeconds}s`,
    ECS_RESERVED_MEMORY: String(RESERVED_MEMORY_MIB),
    ECS_IMAGE_PULL_BEHAVIOR: options.preferCachedImages ? 'prefer-cached' : 'default',
  };
}

function agentConfiguration(options: UserDataOptions): string {
  const lines = Object.entries(agentSettings(options)).map(([name, value]) => `${name}=${value}`);
  return `# The agent starts after this script has ended.
cat > /etc/ecs/ecs.config <<'EOF'
${lines.join('\n')}
EOF
`;
}

const HEAD = `#!/bin/bash
set -Eeuo pipefail
exec > >(tee /var/log/aws-media-start.log | logger -t aws-media-start -s 2>/dev/console) 2>&1

give_up() {
  echo "aws-media: line $1 failed; this instance does not join the cluster"
  systemctl mask ecs.service || true
  shutdown -h now
}
trap 'give_up "$LINENO"' ERR
`;

const RECEIVE_BUFFER = `# A burst of SRT must fit the socket. Tasks have the host's network, so its limit is theirs.
cat > /etc/sysctl.d/90-aws-media.conf <<'EOF'
net.core.rmem_max = ${RECEIVE_BUFFER_BYTES}
EOF
sysctl -p /etc/sysctl.d/90-aws-media.conf
`;

const RUNTIME = `# Every container gets the GPU.
if ! grep -qs -- '--default-runtime' /etc/sysconfig/docker; then
  if grep -qs '^OPTIONS="' /etc/sysconfig/docker; then
    sed -i 's/^OPTIONS="/OPTIONS="--default-runtime=nvidia /' /etc/sysconfig/docker
  else
    echo 'OPTIONS="--default-runtime=nvidia --default-ulimit nofile=32768:65536"' >> /etc/sysconfig/docker
  fi
fi
systemctl restart docker
docker info --format '{{.DefaultRuntime}}' | grep -qx nvidia
nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
`;

/** No task can read the kernel's log; the image has no AWS CLI, but curl can sign. */
const GPU_ERRORS = `# The driver tells of GPU errors (Xid) in the kernel's log alone: count them in CloudWatch.
cat > /usr/local/sbin/aws-media-xid <<'EOF'
#!/bin/bash
set -uo pipefail
metadata=http://169.254.169.254/latest

report() {
  local token region role keys id secret session
  token=$(curl -sf -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token") || return 1
  get() { curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$metadata/meta-data/$1"; }
  region=$(get placement/region) || return 1
  role=$(get iam/security-credentials/) || return 1
  keys=$(get "iam/security-credentials/$role") || return 1
  field() { sed -n "s/.*\\"$1\\" *: *\\"\\([^\\"]*\\)\\".*/\\1/p" <<< "$keys"; }
  id=$(field AccessKeyId); secret=$(field SecretAccessKey); session=$(field Token)
  # By standard input: arguments can be read by every process.
  curl -sf -m 10 -K - -o /dev/null "https://monitoring.$region.amazonaws.com/" \\
    --aws-sigv4 "aws:amz:$region:monitoring" \\
    --data-urlencode 'Action=PutMetricData' --data-urlencode 'Version=2010-08-01' \\
    --data-urlencode 'Namespace=@NAMESPACE@' \\
    --data-urlencode 'MetricData.member.1.MetricName=GpuXid' \\
    --data-urlencode 'MetricData.member.1.Unit=Count' \\
    --data-urlencode 'MetricData.member.1.Value=1' \\
    --data-urlencode 'MetricData.member.1.Dimensions.member.1.Name=Cluster' \\
    --data-urlencode 'MetricData.member.1.Dimensions.member.1.Value=@CLUSTER@' <<CONFIG
user = "$id:$secret"
header = "X-Amz-Security-Token: $session"
CONFIG
}

journalctl --dmesg --follow --lines=0 --output=cat | while read -r line; do
  case $line in
    *'NVRM: Xid'*) report || echo "aws-media: CloudWatch was not told of: $line" > /dev/console ;;
  esac
done
EOF
chmod 755 /usr/local/sbin/aws-media-xid
cat > /etc/systemd/system/aws-media-xid.service <<'EOF'
[Unit]
Description=Counts errors of the GPU in CloudWatch
After=network-online.target

[Service]
ExecStart=/usr/local/sbin/aws-media-xid
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
EOF
systemctl daemon-reload
systemctl enable --now --no-block aws-media-xid.service
`;

const END = `echo 'aws-media: ready'
`;
