import type { System } from './system.js';

/** How a family of distributions installs a package. */
interface Family {
  /** What `ID` or `ID_LIKE` of /etc/os-release say. */
  ids: readonly string[];
  command: string;
  /** The package, where it has another name there. */
  names?: Readonly<Record<string, string>>;
}

const FAMILIES: readonly Family[] = [
  { ids: ['debian', 'ubuntu'], command: 'apt-get install' },
  { ids: ['fedora', 'rhel', 'centos'], command: 'dnf install' },
  { ids: ['suse', 'opensuse'], command: 'zypper install' },
  { ids: ['arch'], command: 'pacman -S', names: { python3: 'python' } },
  { ids: ['alpine'], command: 'apk add' },
];

/** What to type on a Linux to get a package, as far as the distribution is known. */
export async function installCommand(system: System, name: string): Promise<string> {
  const ids = await distributionIds(system);
  const family = FAMILIES.find((one) => one.ids.some((id) => ids.includes(id)));
  if (family === undefined) return `install the package ${name} with this system's package manager`;
  const sudo = system.uid === 0 ? '' : 'sudo ';
  return `${sudo}${family.command} ${family.names?.[name] ?? name}`;
}

/** The distribution as it calls itself; null where there is none. */
export async function distributionName(system: System): Promise<string | null> {
  return fieldOf(await readRelease(system), 'PRETTY_NAME');
}

/** The distribution and those that it is made from, the nearest first. */
async function distributionIds(system: System): Promise<string[]> {
  const release = await readRelease(system);
  return ['ID', 'ID_LIKE'].flatMap((field) => fieldOf(release, field)?.split(' ') ?? []);
}

async function readRelease({ readText }: System): Promise<string> {
  return (await readText('/etc/os-release')) ?? '';
}

function fieldOf(release: string, field: string): string | null {
  const value = new RegExp(`^${field}=(.*)$`, 'm').exec(release)?.[1]?.trim();
  return value === undefined ? null : value.replaceAll(/^["']|["']$/g, '');
}
