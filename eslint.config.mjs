// Type-checked rules for promises and types, and the direction in which dependencies may point.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

// Our own rule, as users get it: from the build, which `make lint` makes first.
const { configs: pulumiRules } = createRequire(import.meta.url)('./dist/testing/eslint');

/**
 * What each part of the product may import, besides itself: cli -> local, planner -> policies, stacks ->
 * components -> encoder/contract; `testing`, for users' tests, reads the planner. `encoder/*` is the runtime; tests
 * and bench may import everything, and nothing imports them.
 */
const MAY_IMPORT = {
  cli: ['local', 'planner', 'policies', 'stacks', 'components', 'encoder'],
  local: ['planner', 'policies', 'stacks', 'components', 'encoder'],
  planner: ['policies', 'stacks', 'components', 'encoder/contract'],
  stacks: ['components', 'encoder/contract'],
  policies: ['encoder/contract'],
  components: ['encoder/contract'],
  testing: ['planner', 'policies', 'stacks', 'components', 'encoder/contract'],
  encoder: [],
};
const PARTS = Object.keys(MAY_IMPORT);
const OUTSIDE = ['tests', 'bench', 'scripts', 'tools', 'examples'];
const REMEDY =
  'Move what both need to a part that both may import, or turn the dependency round (docs/development.md, Layout).';

/** Zones for import-x/no-restricted-paths: target may not import from. */
function zones() {
  const forbidden = [];
  for (const [part, allowed] of Object.entries(MAY_IMPORT)) {
    const message = `${part} may import ${[...allowed, 'itself'].join(', ')} only. ${REMEDY}`;
    for (const from of [...PARTS, ...OUTSIDE]) {
      if (from === part || allowed.includes(from)) continue;
      const except = from === 'encoder' && allowed.includes('encoder/contract') ? ['./contract'] : [];
      forbidden.push({ target: `./${part}`, from: `./${from}`, except, message });
    }
  }
  forbidden.push(
    {
      target: './encoder/contract',
      from: '.',
      except: ['./encoder/contract'],
      message:
        'encoder/contract imports nothing outside itself: every part, the browser and components read it.',
    },
    {
      target: './encoder/lint',
      from: './encoder',
      except: ['./lint'],
      message:
        'encoder/lint judges what the rest of the encoder makes, so it imports none of it: a fault in shared code would not be found.',
    },
  );
  return forbidden;
}

/** The configuration for a tree laid out like this one; tests/setup/lint-rules.test.ts gives it a small one. */
export function configFor(root) {
  return tseslint.config(
    { ignores: ['**/node_modules/', 'dist/', '.tools/', '.local/', 'coverage/', 'tests/fixtures/'] },
    { linterOptions: { reportUnusedDisableDirectives: 'error' } },
    {
      files: ['**/*.ts', '**/*.mjs'],
      extends: [tseslint.configs.recommendedTypeChecked],
      plugins: { 'import-x': importX },
      languageOptions: {
        parserOptions: {
          tsconfigRootDir: root,
          // Scripts belong to no tsconfig; they are checked with the defaults of one.
          projectService: { allowDefaultProject: scripts(root) },
        },
      },
      settings: {
        'import-x/resolver-next': [
          createTypeScriptImportResolver({ project: root, noWarnOnMultipleProjects: true }),
        ],
      },
      rules: {
        eqeqeq: 'error',
        'no-var': 'error',
        'prefer-const': 'error',
        'object-shorthand': 'error',
        '@typescript-eslint/consistent-type-imports': 'error',
        '@typescript-eslint/no-floating-promises': 'error',
        '@typescript-eslint/no-misused-promises': 'error',
        '@typescript-eslint/await-thenable': 'error',
        '@typescript-eslint/no-explicit-any': 'error',
        '@typescript-eslint/return-await': 'error',
        '@typescript-eslint/switch-exhaustiveness-check': [
          'error',
          { considerDefaultExhaustiveForUnions: true },
        ],
        '@typescript-eslint/restrict-template-expressions': [
          'error',
          { allowNumber: true, allowBoolean: true },
        ],
        // signal.reason is of no declared type, and is what must be passed on.
        '@typescript-eslint/only-throw-error': [
          'error',
          { allowThrowingAny: true, allowThrowingUnknown: true },
        ],
        '@typescript-eslint/prefer-promise-reject-errors': [
          'error',
          { allowThrowingAny: true, allowThrowingUnknown: true },
        ],
        // An async function without await turns a throw into a rejection, as an interface may ask of it.
        '@typescript-eslint/require-await': 'off',
        'import-x/no-restricted-paths': ['error', { basePath: root, zones: zones() }],
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                group: ['@pulumi-aws-media/*', 'pulumi-aws-media', 'pulumi-aws-media/*'],
                message: 'Import by a relative path: the rule of direction and the build know those.',
              },
            ],
          },
        ],
      },
    },
    {
      files: ['encoder/contract/**/*.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              {
                regex: '^[^.]',
                message: 'encoder/contract has no dependencies, not even on Node: browsers read it.',
              },
            ],
          },
        ],
      },
    },
    {
      files: ['tests/**/*.ts'],
      rules: {
        // Chai: expect(x).to.be.true
        '@typescript-eslint/no-unused-expressions': 'off',
        // Tests give wrong things on purpose, and read what came over a wire.
        '@typescript-eslint/no-unsafe-argument': 'off',
        '@typescript-eslint/no-unsafe-assignment': 'off',
        '@typescript-eslint/no-unsafe-member-access': 'off',
      },
    },
    { files: ['tests/**/*.ts'], ...pulumiRules.recommended },
    {
      files: ['**/*.mjs'],
      rules: {
        // Without declared types, values of parameters are any.
        '@typescript-eslint/no-unsafe-argument': 'off',
        '@typescript-eslint/no-unsafe-assignment': 'off',
        '@typescript-eslint/no-unsafe-call': 'off',
        '@typescript-eslint/no-unsafe-member-access': 'off',
        '@typescript-eslint/no-unsafe-return': 'off',
      },
    },
    {
      // One project for all: one each takes half a GiB each.
      files: ['examples/**/*.ts'],
      languageOptions: {
        parserOptions: { projectService: false, project: './tsconfig.examples.json' },
      },
    },
  );
}

/** By name: the project service takes no deep globs here. */
function scripts(root) {
  return ['.', 'scripts'].flatMap((folder) => {
    try {
      return readdirSync(join(root, folder))
        .filter((name) => name.endsWith('.mjs'))
        .map((name) => (folder === '.' ? name : `${folder}/${name}`));
    } catch {
      return [];
    }
  });
}

export default configFor(import.meta.dirname);
