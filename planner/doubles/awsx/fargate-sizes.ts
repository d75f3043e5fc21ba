// Follows awsx/ecs/fargateMemoryAndCpu.ts of pulumi-awsx 3.9.0 (follows.ts has the revision).

/** Virtual CPUs, and the memory in GB that Fargate has with them. */
const SIZES: readonly (readonly [number, readonly number[]])[] = [
  [0.25, [0.5, 1, 2]],
  [0.5, upTo(1, 4)],
  [1, upTo(2, 8)],
  [2, upTo(4, 16)],
  [4, upTo(8, 30)],
  [8, upTo(16, 60)],
  [16, upTo(32, 120)],
  [32, [60, 120, 244]],
];

/** Least memory first, then least CPU: the order that upstream looks through, whatever it costs. */
const ALL = SIZES.flatMap(([cpu, memories]) => memories.map((memory) => ({ cpu, memory }))).sort(
  (a, b) => a.memory - b.memory || a.cpu - b.cpu,
);

interface Needs {
  /** Of 1024 to a CPU. */
  readonly cpu?: number;
  /** In MB, as `memoryReservation`, which comes before it. */
  readonly memory?: number;
  readonly memoryReservation?: number;
}

/**
 * The first size that has what all containers need together, as aws.ecs.TaskDefinition takes it.
 * @throws Error where there is none
 */
export function sizeFor(containers: readonly Needs[]): { readonly cpu: string; readonly memory: string } {
  const sum = (of: (needs: Needs) => number | undefined) =>
    containers.reduce((all, needs) => all + (of(needs) ?? 0), 0) / 1024;
  const cpu = sum((needs) => needs.cpu);
  const memory = sum((needs) => needs.memoryReservation ?? needs.memory);
  const size = ALL.find((each) => each.cpu >= cpu && each.memory >= memory);
  if (!size) {
    throw new Error(
      `the containers need ${cpu} vCPU and ${memory} GB together; Fargate has at most 32 vCPU with 244 GB`,
    );
  }
  return { cpu: `${size.cpu * 1024}`, memory: `${size.memory * 1024}` };
}

function upTo(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}
