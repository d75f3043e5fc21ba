/** Settings of systemd's units, as far as a service that an instance writes for itself has them. */

export const SYSTEMD_GUIDE =
  'systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.resource-control(5)';

const UNIT = [
  ...['Description', 'Documentation', 'Wants', 'Requires', 'Requisite', 'BindsTo', 'PartOf', 'Upholds'],
  ...['Conflicts', 'Before', 'After', 'OnFailure', 'OnSuccess', 'PropagatesReloadTo', 'ReloadPropagatedFrom'],
  ...['JoinsNamespaceOf', 'RequiresMountsFor', 'OnFailureJobMode', 'IgnoreOnIsolate', 'StopWhenUnneeded'],
  ...['RefuseManualStart', 'RefuseManualStop', 'AllowIsolate', 'DefaultDependencies', 'CollectMode'],
  ...['FailureAction', 'SuccessAction', 'JobTimeoutSec', 'JobRunningTimeoutSec', 'JobTimeoutAction'],
  ...['StartLimitIntervalSec', 'StartLimitBurst', 'StartLimitAction', 'RebootArgument', 'SourcePath'],
  ...['ConditionPathExists', 'ConditionPathIsDirectory', 'ConditionFileNotEmpty', 'ConditionVirtualization'],
  ...['ConditionKernelCommandLine', 'ConditionArchitecture', 'ConditionHost', 'ConditionFirstBoot'],
  ...['ConditionPathExistsGlob', 'ConditionFileIsExecutable', 'AssertPathExists', 'AssertFileNotEmpty'],
];

const EXEC = [
  ...['WorkingDirectory', 'RootDirectory', 'User', 'Group', 'DynamicUser', 'SupplementaryGroups', 'PAMName'],
  ...[
    'CapabilityBoundingSet',
    'AmbientCapabilities',
    'NoNewPrivileges',
    'SecureBits',
    'LimitCPU',
    'LimitFSIZE',
  ],
  ...['LimitDATA', 'LimitSTACK', 'LimitCORE', 'LimitRSS', 'LimitNOFILE', 'LimitAS', 'LimitNPROC'],
  ...['LimitMEMLOCK', 'LimitNICE', 'LimitRTPRIO', 'LimitRTTIME', 'UMask', 'OOMScoreAdjust', 'TimerSlackNSec'],
  ...['Nice', 'CPUSchedulingPolicy', 'CPUSchedulingPriority', 'CPUAffinity', 'IOSchedulingClass'],
  ...['IOSchedulingPriority', 'ProtectSystem', 'ProtectHome', 'RuntimeDirectory', 'StateDirectory'],
  ...['CacheDirectory', 'LogsDirectory', 'ConfigurationDirectory', 'ReadWritePaths', 'ReadOnlyPaths'],
  ...['InaccessiblePaths', 'PrivateTmp', 'PrivateDevices', 'PrivateNetwork', 'PrivateUsers', 'ProtectClock'],
  ...['ProtectHostname', 'ProtectKernelTunables', 'ProtectKernelModules', 'ProtectKernelLogs', 'ProtectProc'],
  ...[
    'ProtectControlGroups',
    'RestrictAddressFamilies',
    'RestrictNamespaces',
    'LockPersonality',
    'ProcSubset',
  ],
  ...['MemoryDenyWriteExecute', 'RestrictRealtime', 'RestrictSUIDSGID', 'SystemCallFilter', 'KeyringMode'],
  ...[
    'SystemCallErrorNumber',
    'SystemCallArchitectures',
    'Environment',
    'EnvironmentFile',
    'PassEnvironment',
  ],
  ...[
    'UnsetEnvironment',
    'StandardInput',
    'StandardOutput',
    'StandardError',
    'SyslogIdentifier',
    'LogLevelMax',
  ],
  ...['LogRateLimitIntervalSec', 'LogRateLimitBurst', 'TTYPath', 'LoadCredential', 'SetCredential'],
  ...['RuntimeDirectoryMode', 'RuntimeDirectoryPreserve', 'StateDirectoryMode', 'LogsDirectoryMode'],
];

const RESOURCES = [
  ...['CPUAccounting', 'CPUWeight', 'CPUQuota', 'MemoryAccounting', 'MemoryMin', 'MemoryLow', 'MemoryHigh'],
  ...[
    'MemoryMax',
    'MemorySwapMax',
    'TasksAccounting',
    'TasksMax',
    'IOAccounting',
    'IOWeight',
    'IPAddressAllow',
  ],
  ...['IPAddressDeny', 'IPAccounting', 'DeviceAllow', 'DevicePolicy', 'Slice', 'Delegate', 'AllowedCPUs'],
];

const SERVICE = [
  ...[
    'Type',
    'ExitType',
    'RemainAfterExit',
    'GuessMainPID',
    'PIDFile',
    'BusName',
    'ExecStart',
    'ExecStartPre',
  ],
  ...[
    'ExecStartPost',
    'ExecCondition',
    'ExecReload',
    'ExecStop',
    'ExecStopPost',
    'RestartSec',
    'RestartSteps',
  ],
  ...['RestartMaxDelaySec', 'TimeoutStartSec', 'TimeoutStopSec', 'TimeoutAbortSec', 'TimeoutSec', 'Restart'],
  ...['RuntimeMaxSec', 'WatchdogSec', 'SuccessExitStatus', 'RestartPreventExitStatus', 'NotifyAccess'],
  ...['RestartForceExitStatus', 'RootDirectoryStartOnly', 'NonBlocking', 'Sockets', 'FileDescriptorStoreMax'],
  ...[
    'OOMPolicy',
    'KillMode',
    'KillSignal',
    'SendSIGHUP',
    'SendSIGKILL',
    'FinalKillSignal',
    'RestartKillSignal',
  ],
  ...['StartLimitInterval', 'StartLimitBurst', 'ReloadSignal', ...EXEC, ...RESOURCES],
];

const INSTALL = ['Alias', 'WantedBy', 'RequiredBy', 'UpheldBy', 'Also', 'DefaultInstance'];

const TIMER = [
  ...['OnActiveSec', 'OnBootSec', 'OnStartupSec', 'OnUnitActiveSec', 'OnUnitInactiveSec', 'OnCalendar'],
  ...['AccuracySec', 'RandomizedDelaySec', 'FixedRandomDelay', 'OnClockChange', 'Unit', 'Persistent'],
  ...['OnTimezoneChange', 'WakeSystem', 'RemainAfterElapse'],
];

/** By section, its settings; an empty list where they are not judged. */
export const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  Unit: UNIT,
  Service: SERVICE,
  Install: INSTALL,
  Timer: TIMER,
  Socket: [],
  Mount: [],
  Path: [],
};
