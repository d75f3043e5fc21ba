/**
 * GPU instance types. Source: aws/karpenter-provider-aws@1d927085 (2026-08-21),
 * website/content/en/docs/reference/instance-types.md, pkg/providers/instancetype/zz_generated.bandwidth.go and
 * zz_generated.vpclimits.go, which are generated from EC2's DescribeInstanceTypes.
 */
import type { GpuModelName } from './gpu-models';

export interface GpuInstance {
  readonly type: string;
  readonly gpu: GpuModelName;
  /** Whole GPUs; 0 where the instance has a part of one. */
  readonly gpus: number;
  /** MiB a GPU. */
  readonly gpuMemoryMiB: number;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Mbit/s without bursts. */
  readonly networkMbps: number;
  /** Network interfaces, one of which is the host's own. */
  readonly enis: number;
  /** Interfaces of tasks with ENI trunking. */
  readonly branchEnis: number;
  readonly architecture: 'amd64' | 'arm64';
}

const instance = (
  type: string,
  gpu: GpuModelName,
  [gpus, gpuMemoryMiB]: readonly [number, number],
  [vcpus, memoryGiB]: readonly [number, number],
  [networkMbps, enis, branchEnis]: readonly [number, number, number],
  architecture: 'amd64' | 'arm64' = 'amd64',
): GpuInstance => ({
  ...{ type, gpu, gpus, gpuMemoryMiB, vcpus, memoryGiB, networkMbps, enis, branchEnis, architecture },
});

/** Type; GPU; GPUs and the memory of one; vCPUs and memory; network, interfaces and branch interfaces. */
const ROWS: readonly GpuInstance[] = [
  instance('g4dn.xlarge', 'T4', [1, 16_384], [4, 16], [5000, 3, 39]),
  instance('g4dn.2xlarge', 'T4', [1, 16_384], [8, 32], [10_000, 3, 39]),
  instance('g4dn.4xlarge', 'T4', [1, 16_384], [16, 64], [20_000, 3, 59]),
  instance('g4dn.8xlarge', 'T4', [1, 16_384], [32, 128], [50_000, 4, 58]),
  instance('g4dn.12xlarge', 'T4', [4, 16_384], [48, 192], [50_000, 8, 54]),
  instance('g4dn.16xlarge', 'T4', [1, 16_384], [64, 256], [50_000, 4, 118]),
  instance('g4dn.metal', 'T4', [8, 16_384], [96, 384], [100_000, 15, 107]),
  instance('g5.xlarge', 'A10G', [1, 22_888], [4, 16], [2500, 4, 4]),
  instance('g5.2xlarge', 'A10G', [1, 22_888], [8, 32], [5000, 4, 17]),
  instance('g5.4xlarge', 'A10G', [1, 22_888], [16, 64], [10_000, 8, 34]),
  instance('g5.8xlarge', 'A10G', [1, 22_888], [32, 128], [25_000, 8, 84]),
  instance('g5.16xlarge', 'A10G', [1, 22_888], [64, 256], [25_000, 8, 114]),
  instance('g5.12xlarge', 'A10G', [4, 22_888], [48, 192], [40_000, 15, 107]),
  instance('g5.24xlarge', 'A10G', [4, 22_888], [96, 384], [50_000, 15, 107]),
  instance('g5.48xlarge', 'A10G', [8, 22_888], [192, 768], [100_000, 7, 115]),
  instance('g5g.xlarge', 'T4G', [1, 16_384], [4, 8], [1250, 4, 18], 'arm64'),
  instance('g5g.2xlarge', 'T4G', [1, 16_384], [8, 16], [2500, 4, 38], 'arm64'),
  instance('g5g.4xlarge', 'T4G', [1, 16_384], [16, 32], [5000, 8, 54], 'arm64'),
  instance('g5g.8xlarge', 'T4G', [1, 16_384], [32, 64], [12_000, 8, 54], 'arm64'),
  instance('g5g.16xlarge', 'T4G', [2, 16_384], [64, 128], [25_000, 15, 107], 'arm64'),
  instance('g5g.metal', 'T4G', [2, 16_384], [64, 128], [25_000, 15, 107], 'arm64'),
  instance('g6.xlarge', 'L4', [1, 22_888], [4, 16], [2500, 4, 18]),
  instance('g6.2xlarge', 'L4', [1, 22_888], [8, 32], [5000, 4, 38]),
  instance('g6.4xlarge', 'L4', [1, 22_888], [16, 64], [10_000, 8, 54]),
  instance('g6.8xlarge', 'L4', [1, 22_888], [32, 128], [25_000, 8, 84]),
  instance('g6.16xlarge', 'L4', [1, 22_888], [64, 256], [25_000, 15, 107]),
  instance('g6.12xlarge', 'L4', [4, 22_888], [48, 192], [40_000, 8, 114]),
  instance('g6.24xlarge', 'L4', [4, 22_888], [96, 384], [50_000, 15, 107]),
  instance('g6.48xlarge', 'L4', [8, 22_888], [192, 768], [100_000, 15, 107]),
  instance('g6e.xlarge', 'L40S', [1, 45_776], [4, 32], [2500, 4, 18]),
  instance('g6e.2xlarge', 'L40S', [1, 45_776], [8, 64], [5000, 4, 38]),
  instance('g6e.4xlarge', 'L40S', [1, 45_776], [16, 128], [20_000, 8, 54]),
  instance('g6e.8xlarge', 'L40S', [1, 45_776], [32, 256], [25_000, 8, 84]),
  instance('g6e.16xlarge', 'L40S', [1, 45_776], [64, 512], [35_000, 15, 107]),
  instance('g6e.12xlarge', 'L40S', [4, 45_776], [48, 384], [100_000, 10, 112]),
  instance('g6e.24xlarge', 'L40S', [4, 45_776], [96, 768], [200_000, 20, 102]),
  instance('g6e.48xlarge', 'L40S', [8, 45_776], [192, 1536], [400_000, 40, 82]),
  instance('g6f.large', 'L4', [0, 2861], [2, 8], [1500, 2, 10]),
  instance('g6f.xlarge', 'L4', [0, 2861], [4, 16], [2500, 4, 18]),
  instance('g6f.2xlarge', 'L4', [0, 5722], [8, 32], [5000, 4, 38]),
  instance('g6f.4xlarge', 'L4', [0, 11_444], [16, 64], [10_000, 8, 54]),
  instance('g7e.2xlarge', 'RTX PRO 6000 Blackwell Server', [1, 98_304], [8, 64], [50_000, 4, 120]),
  instance('g7e.4xlarge', 'RTX PRO 6000 Blackwell Server', [1, 98_304], [16, 128], [50_000, 8, 120]),
  instance('g7e.8xlarge', 'RTX PRO 6000 Blackwell Server', [1, 98_304], [32, 256], [100_000, 8, 120]),
  instance('g7e.12xlarge', 'RTX PRO 6000 Blackwell Server', [2, 98_304], [48, 512], [400_000, 10, 120]),
  instance('g7e.24xlarge', 'RTX PRO 6000 Blackwell Server', [4, 98_304], [96, 1024], [800_000, 20, 120]),
  instance('g7e.48xlarge', 'RTX PRO 6000 Blackwell Server', [8, 98_304], [192, 2048], [1_600_000, 40, 120]),
  instance('gr6.4xlarge', 'L4', [1, 22_888], [16, 128], [10_000, 8, 54]),
  instance('gr6.8xlarge', 'L4', [1, 22_888], [32, 256], [25_000, 8, 84]),
  instance('gr6f.4xlarge', 'L4', [0, 11_444], [16, 128], [10_000, 8, 54]),
  instance('vt1.3xlarge', 'Xilinx Alveo U30', [0, 0], [12, 24], [3120, 4, 38]),
  instance('vt1.6xlarge', 'Xilinx Alveo U30', [0, 0], [24, 48], [6250, 8, 54]),
  instance('vt1.24xlarge', 'Xilinx Alveo U30', [0, 0], [96, 192], [25_000, 15, 107]),
];

/** By type. */
export const GPU_INSTANCES: ReadonlyMap<string, GpuInstance> = new Map(ROWS.map((row) => [row.type, row]));
