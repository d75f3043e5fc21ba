/** Node.js, the platform, processors and memory. */
import { size } from './advice';
import { failed, ok, warning, type Check } from './check';

const NODE = { major: 22, minor: 12 };

const node: Check = {
  id: 'node',
  title: 'Node.js',
  run: ({ system: { nodeVersion } }) => {
    const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
    if (major > NODE.major || (major === NODE.major && minor >= NODE.minor)) return ok(nodeVersion);
    return failed(nodeVersion, {
      needed: `${NODE.major}.${NODE.minor} or newer`,
      remedy: 'In a checkout: `make setup`. Elsewhere install Node.js 22.',
    });
  },
};

const platform: Check = {
  id: 'platform',
  title: 'Platform',
  run: ({ system }) => {
    const found = `${system.platform} ${system.architecture}`;
    if (system.platform === 'linux' && ['x64', 'arm64'].includes(system.architecture)) return ok(found);
    return warning(found, {
      needed: 'linux on x64 or arm64',
      remedy: 'Other platforms are not tested; a Linux container or virtual machine is.',
    });
  },
};

const processors: Check = {
  id: 'processors',
  title: 'Processors',
  run: ({ system }) => {
    const found = `${system.processors}, load ${system.load.toFixed(1)}`;
    if (system.processors < 2) {
      return warning(found, {
        needed: '2',
        remedy: 'One carries the `tiny` ladder only. Give the machine or container more.',
      });
    }
    if (system.load > system.processors) {
      return warning(found, {
        needed: `a load below ${system.processors}`,
        remedy: 'End what is busy, or frames will come late. To see it: `top`',
      });
    }
    return ok(found);
  },
};

/** docs/doctor.md says what was measured. */
const LEAST_MEMORY = 512 << 20;
const ADVISED_MEMORY = 1536 << 20;

const memory: Check = {
  id: 'memory',
  title: 'Memory',
  run: ({ system: { availableMemory } }) => {
    const found = `${size(availableMemory)} available`;
    if (availableMemory < LEAST_MEMORY) {
      return failed(found, {
        needed: size(LEAST_MEMORY),
        remedy: 'End other programs, or give the container more memory.',
      });
    }
    if (availableMemory < ADVISED_MEMORY) {
      return warning(found, {
        needed: `${size(ADVISED_MEMORY)} for HEVC ladders up to 2160p in software`,
        remedy: 'End other programs, or give the container more memory.',
      });
    }
    return ok(found);
  },
};

export const MACHINE_CHECKS: readonly Check[] = [node, platform, processors, memory];
