import type { Builtin } from './builtins.js';
import type { Clock } from './clock.js';

const MIB = 1024 * 1024;
/** The oldest Node that programs may meet: what they do by version, they do alike on each. */
const NODE = '20.19.0';
const [PID, PARENT, USER] = [2, 1, 1_000];
const MEMORY = { rss: 64 * MIB, heapTotal: 16 * MIB, heapUsed: 8 * MIB, external: MIB, arrayBuffers: 0 };
/** Names that shells, bubblewrap and Node put in an environment on their own account. */
const STRAY = ['PWD', 'OLDPWD', 'SHLVL', '_', 'NODE_OPTIONS'];

/** Has `process` and `os` tell of the same small machine everywhere. Platform and architecture stay what they are. */
export function replaceMachine(clock: Clock): Record<string, (builtin: Builtin) => void> {
  const { kill, pid, ppid, argv } = process;
  const hrtime = (since: [number, number] = [0, 0]) => {
    const ms = clock.elapsed();
    const nanos = (ms % 1_000) * 1_000_000 - since[1];
    return [Math.floor(ms / 1_000) - since[0] - (nanos < 0 ? 1 : 0), nanos < 0 ? nanos + 1e9 : nanos];
  };
  const user = () => USER;
  const values = {
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(clock.elapsed()) * 1_000_000n }),
    uptime: () => clock.elapsed() / 1_000,
    pid: PID,
    ppid: PARENT,
    // Whoever ends itself by its own number must not hit another.
    kill: (to: number, signal?: string | number) =>
      Reflect.apply(kill, process, [to === PID ? pid : to === PARENT ? ppid : to, signal]),
    title: 'node',
    argv: ['/usr/bin/node', argv[2] ?? ''],
    execArgv: [],
    execPath: '/usr/bin/node',
    version: `v${NODE}`,
    versions: Object.freeze({ node: NODE, v8: '11.3.244.8', uv: '1.46.0', modules: '115' }),
    release: { name: 'node' },
    config: { target_defaults: {}, variables: {} },
    report: undefined,
    memoryUsage: Object.assign(() => ({ ...MEMORY }), { rss: () => MEMORY.rss }),
    cpuUsage: () => ({ user: 0, system: 0 }),
    resourceUsage: () => Object.fromEntries(RESOURCES.map((name) => [name, 0])),
    constrainedMemory: () => 1024 * MIB,
    availableMemory: () => 512 * MIB,
    ...(process.getuid ? { getuid: user, geteuid: user, getgid: user, getegid: user, getgroups: () => [USER] } : {}),
  };
  // These ask the system even with a value put in their place; they must have been something else before.
  for (const name of ['ppid', 'title']) Object.defineProperty(process, name, { get: () => '', configurable: true });
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(process, name, { value, writable: true, enumerable: true, configurable: true });
  }
  for (const name of STRAY) delete process.env[name];

  const userInfo = () => ({ uid: USER, gid: USER, username: 'user', homedir: '/tmp', shell: null });
  const times = { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 };
  const os = {
    hostname: () => 'localhost',
    release: () => '5.15.0',
    version: () => '#1',
    uptime: () => clock.elapsed() / 1_000,
    loadavg: () => [0, 0, 0],
    totalmem: () => 1024 * MIB,
    freemem: () => 512 * MIB,
    cpus: () => [{ model: 'virtual', speed: 1_000, times: { ...times } }],
    availableParallelism: () => 1,
    networkInterfaces: () => ({}),
    homedir: () => '/tmp',
    userInfo,
    getPriority: () => 0,
  };
  return { os: (builtin) => Object.assign(builtin, os) };
}

const RESOURCES = [
  ...['userCPUTime', 'systemCPUTime', 'maxRSS', 'sharedMemorySize', 'unsharedDataSize', 'unsharedStackSize'],
  ...['minorPageFault', 'majorPageFault', 'swappedOut', 'fsRead', 'fsWrite', 'ipcSent', 'ipcReceived'],
  ...['signalsCount', 'voluntaryContextSwitches', 'involuntaryContextSwitches'],
];
