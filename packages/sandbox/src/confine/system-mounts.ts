import { lstatSync, readlinkSync } from 'node:fs';

/** Where systems keep programs and libraries, which are the same for everyone. */
export const SYSTEM_FOLDERS = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/nix/store',
  '/gnu/store',
];
/** What finds libraries. */
const LIBRARIES = '/etc/ld.so.cache';
const DEVICES = ['/dev/null', '/dev/random', '/dev/urandom'];
/** For programs that start others: which of several programs is meant, and the devices that scripts use. */
const FOR_SCRIPTS = { settings: ['/etc/alternatives'], devices: ['/dev/zero', '/dev/full'] };
const DEVICE_LINKS = { fd: '', stdin: '/0', stdout: '/1', stderr: '/2' };

const known = new Map<boolean, readonly string[]>();

/**
 * The arguments that show the system's programs, read-only, and the devices that programs expect. Looked up once; each
 * mount takes a tenth of a millisecond, so there are few.
 */
export function systemMounts(processes: boolean): readonly string[] {
  const found = known.get(processes) ?? lookUp(processes ? FOR_SCRIPTS : { settings: [], devices: [] });
  known.set(processes, found);
  return found;
}

function lookUp({ settings, devices }: typeof FOR_SCRIPTS): readonly string[] {
  return [
    ...[...SYSTEM_FOLDERS, LIBRARIES, ...settings].flatMap(mountOf),
    ...[...DEVICES, ...devices].flatMap((device) => ['--dev-bind', device, device]),
    ...Object.entries(DEVICE_LINKS).flatMap(([name, end]) => ['--symlink', `/proc/self/fd${end}`, `/dev/${name}`]),
  ];
}

function mountOf(path: string): string[] {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  return stats.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}
