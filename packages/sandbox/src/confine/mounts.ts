import { realpathSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Confines } from './machine.js';
import { SYSTEM_FOLDERS } from './system-mounts.js';

/** Folders that are never shown as a whole, wherever a program lies: they hold other people's things. */
const TOO_MUCH = new Set([
  ...['/', '/boot', '/etc', '/home', '/media', '/mnt', '/opt', '/root', '/run', '/srv', '/tmp', '/Users'],
  ...['/var', '/var/lib', '/var/tmp'],
]);
/** Folders of the kernel, of which nothing is shown but bubblewrap's own. */
const KERNEL = ['/proc', '/sys', '/dev'];
/** Whose subfolders are homes. */
const HOMES = ['/home', '/Users'];

export interface MountPlan {
  /** Real paths to mount, those that contain others first. */
  mounts: string[];
  /** Those of `mounts` that are to be empty. */
  hidden: ReadonlySet<string>;
  /** Paths that lead to what is mounted, and where they lead. */
  links: [path: string, target: string][];
  refused: string[];
}

/** What to mount for `reads` and `hides`: real paths only, so that no link among them shows what was not asked for. */
export function planMounts({ reads, hides }: Confines): MountPlan {
  const [shown, refused] = [new Set<string>(), new Set<string>()];
  const aliases = new Map<string, string>();
  for (const path of reads) {
    const real = realOf(path);
    if (real === null) continue;
    if (holdsTooMuch(real)) refused.add(path);
    else {
      shown.add(real);
      if (resolve(path) !== real) aliases.set(resolve(path), real);
    }
  }
  const hidden = new Set(hides.map(realOf).filter((path) => path !== null && isFolder(path)) as string[]);
  const mounts: string[] = [];
  for (const path of [...new Set([...shown, ...hidden])].sort(byPath)) {
    const above = mounts.findLast((mount) => isUnder(path, mount)) ?? SYSTEM_FOLDERS.find((f) => isUnder(path, f));
    // Nothing to hide where nothing is shown; nothing to show where it is shown already.
    if (hidden.has(path) ? above !== undefined || shown.has(path) : above === undefined || hidden.has(above)) {
      mounts.push(path);
    }
  }
  return {
    mounts,
    hidden: new Set(mounts.filter((path) => hidden.has(path))),
    links: linksTo(aliases, mounts),
    refused: [...refused],
  };
}

/** A path below what is mounted leads on by itself; one below another link is reached through that. */
function linksTo(aliases: ReadonlyMap<string, string>, mounts: readonly string[]): [string, string][] {
  const links: [string, string][] = [];
  for (const [path, real] of [...aliases].sort(([a], [b]) => byPath(a, b))) {
    const known = [...mounts, ...SYSTEM_FOLDERS, ...links.map(([link]) => link)];
    if (!known.some((folder) => isUnder(path, folder) || isUnder(folder, path))) links.push([path, real]);
  }
  return links;
}

function holdsTooMuch(real: string): boolean {
  if (KERNEL.some((folder) => isUnder(real, folder))) return true;
  if (!isFolder(real)) return false;
  return TOO_MUCH.has(real) || HOMES.includes(dirname(real)) || homes().some((home) => isUnder(home, real));
}

/** Whether `path` is `folder` or lies in it. */
function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function homes(): string[] {
  return [homedir, () => userInfo().homedir].flatMap((home) => {
    try {
      return [realOf(home()) ?? home()];
    } catch {
      // A user without an entry has no home.
      return [];
    }
  });
}

function realOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

const isFolder = (path: string) => statSync(path).isDirectory();

/** By whole names: what contains comes before what it contains. */
function byPath(a: string, b: string): number {
  const [left, right] = [`${a}/`, `${b}/`];
  return left < right ? -1 : left > right ? 1 : 0;
}
