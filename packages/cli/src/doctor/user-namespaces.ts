import type { System } from './system.js';

/** A setting of the kernel that keeps programs from making namespaces of their own. */
interface Setting {
  name: string;
  /** The value at which it does. */
  closed: string;
  /** A value at which it does not. */
  open: string;
  /** Whether it stops root too. */
  forRoot: boolean;
}

const SETTINGS: readonly Setting[] = [
  // Ubuntu since 23.10.
  { name: 'kernel.apparmor_restrict_unprivileged_userns', closed: '1', open: '0', forRoot: false },
  // Debian before 11, and some hardened kernels.
  { name: 'kernel.unprivileged_userns_clone', closed: '0', open: '1', forRoot: false },
  // RHEL 7, and whoever set it.
  { name: 'user.max_user_namespaces', closed: '0', open: '15000', forRoot: true },
];

/** What stands in the way of user namespaces on a Linux, and how to open it; null when they can be made. */
export async function namespaceObstacle(system: System): Promise<{ found: string; fix: string } | null> {
  for (const { name, closed, open, forRoot } of SETTINGS) {
    if (system.uid === 0 && !forRoot) continue;
    const value = await system.readText(`/proc/sys/${name.replaceAll('.', '/')}`);
    if (value?.trim() !== closed) continue;
    const sudo = system.uid === 0 ? '' : 'sudo ';
    return { found: `not allowed: ${name} is ${closed}`, fix: `${sudo}sysctl -w ${name}=${open}` };
  }
  if (await system.sh('unshare --user --map-root-user true')) return null;
  return {
    found: 'none could be made',
    fix: 'allow user namespaces; in a container, where its system call filter forbids them',
  };
}
