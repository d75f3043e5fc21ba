import { containerIsNotPrivileged } from './container-is-not-privileged';
import { decryptionNamesItsKeys } from './decryption-names-its-keys';
import { functionUrlAsksWhoCalls } from './function-url-asks-who-calls';
import { githubTrustNamesTheRepository } from './github-trust-names-the-repository';
import { keyPolicyIsNotForEverybody } from './key-policy-is-not-for-everybody';
import { noAdministratorAttached } from './no-administrator-attached';
import { noPolicyAllowsAllButAList } from './no-policy-allows-all-but-a-list';
import { noPolicyAllowsAllOfAService } from './no-policy-allows-all-of-a-service';
import { noPolicyAllowsEverything } from './no-policy-allows-everything';
import { noSecretInPlainEnvironment } from './no-secret-in-plain-environment';
import { noUsersOrAccessKeys } from './no-users-or-access-keys';
import { passRoleNamesItsRoles } from './pass-role-names-its-roles';
import { permissionsHangOnRoles } from './permissions-hang-on-roles';
import { roleIsNotForEverybody } from './role-is-not-for-everybody';
import { serviceTrustNamesItsSource } from './service-trust-names-its-source';
import { taskRoleIsNotTheExecutionRole } from './task-role-is-not-the-execution-role';

export const IDENTITY = [
  containerIsNotPrivileged,
  decryptionNamesItsKeys,
  functionUrlAsksWhoCalls,
  githubTrustNamesTheRepository,
  keyPolicyIsNotForEverybody,
  noAdministratorAttached,
  noPolicyAllowsAllButAList,
  noPolicyAllowsAllOfAService,
  noPolicyAllowsEverything,
  noSecretInPlainEnvironment,
  noUsersOrAccessKeys,
  passRoleNamesItsRoles,
  permissionsHangOnRoles,
  roleIsNotForEverybody,
  serviceTrustNamesItsSource,
  taskRoleIsNotTheExecutionRole,
] as const;
