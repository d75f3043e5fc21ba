/** The instance types that a fleet is made of: those with one whole NVIDIA GPU that the runtime can use. */
import { GPU_INSTANCES } from '../../../encoder/contract/gpu-instances';
import { nearest, type Problem } from '../../kit';
import { familyOf } from '../capacity';

/** Families that were chosen for the fleet. */
export const FLEET_FAMILIES: readonly string[] = ['g4dn', 'g5', 'g6', 'g6e'];

/** The design names G5; the capacity model says that G6 costs less a channel: docs/capacity.md. */
export const DEFAULT_INSTANCE_TYPES: readonly string[] = ['g5.xlarge'];

const USABLE: readonly string[] = [...GPU_INSTANCES.values()]
  .filter(({ type, gpus, architecture }) => {
    return gpus === 1 && architecture === 'amd64' && FLEET_FAMILIES.includes(familyOf(type));
  })
  .map(({ type }) => type);

const ALLOWED = FLEET_FAMILIES.map((family) => {
  const sizes = USABLE.filter((type) => familyOf(type) === family).map((type) => type.split('.')[1]);
  return `${family} (${sizes.join(', ')})`;
}).join(', ');

/** @returns undefined where a fleet can use the type */
export function instanceTypeProblem(type: unknown): Problem | undefined {
  if (USABLE.includes(type as string)) return undefined;
  const known = GPU_INSTANCES.get(type as string);
  if (known && known.gpus > 1) {
    return {
      because: `it has ${known.gpus} GPUs, and ECS does not say which of them a task gets that does not reserve one whole`,
      allowed: ALLOWED,
      fix: 'take more instances of a size with one GPU',
    };
  }
  if (known?.gpus === 0) {
    const because = 'it has a part of a GPU, and it is not published how much of NVENC comes with it';
    return { because, allowed: ALLOWED, fix: 'take a size with a whole GPU' };
  }
  const meant = nearest(String(type), USABLE);
  return { allowed: ALLOWED, fix: meant ? `write '${meant}'` : 'choose one of these' };
}
