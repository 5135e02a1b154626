import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isAlive } from '../../testing/processes.js';
import { ATTACKS_FOLDER } from './attack.js';
import { type Doors, openDoors } from './doors.js';

/** Not below /tmp: a program that is given a /tmp of its own would be kept from the scene by that alone. */
const PLACES = ['/var/tmp', tmpdir()];
const SLEEPS = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 60_000)';

/** What must stay secret, each a word that is found nowhere else. */
const CANARIES = ['file', 'home', 'environ', 'memory', 'argument', 'hidden'] as const;
export type Canaries = Record<(typeof CANARIES)[number], string>;

/** A workspace with everything an attack could be out for, and what tells that it got there. */
export interface Scene {
  readonly dir: string;
  readonly workspace: string;
  readonly cache: string;
  readonly temporary: string;
  readonly canaries: Canaries;
  /** A word that every process of an attack carries. */
  readonly mark: string;
  /** Writes a file of the attacks folder into the workspace, with its placeholders filled in; gives its path. */
  place(from: string, to: string, more?: Record<string, string>): Promise<string>;
  /** Fills the placeholders in. */
  fill(text: string, more?: Record<string, string>): string;
  link(path: string, target: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** The runner's process id, once it has one. */
  runnerPid: number;
  /** What was touched since the last look, in words; and puts it right again. */
  damage(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openScene(): Promise<Scene> {
  const dir = await mkdtemp(join(PLACES.find(isWritable) as string, 'tracecore-attacks-'));
  const word = randomBytes(6).toString('hex');
  const mark = `tracecore-attack-${word}`;
  const canaries = Object.fromEntries(
    CANARIES.map((name) => [name, `canary-${name}-${randomBytes(8).toString('hex')}`]),
  ) as Canaries;
  const at = (path: string) => join(dir, path);
  const kept = {
    [at('workspace/secret.txt')]: canaries.file,
    [at('home/.ssh/canary')]: canaries.home,
  };
  const doors: Doors = await openDoors(at('door.sock'), mark);
  const marker = at('outside/marker');
  let canary = spawnCanary(canaries.argument);

  const scene: Scene = {
    dir,
    workspace: at('workspace'),
    cache: at('cache'),
    temporary: at('tmp'),
    canaries,
    mark,
    runnerPid: 0,
    fill(text, more = {}) {
      const words: Record<string, string> = {
        SCENE: dir,
        WORKSPACE: scene.workspace,
        SECRET_FILE: at('workspace/secret.txt'),
        HOME_FILE: at('home/.ssh/canary'),
        TASK_FILE: at('workspace/tasks/vault/setup.js'),
        CACHE_DIR: scene.cache,
        OUTSIDE: at('outside'),
        MARKER: marker,
        MARK: mark,
        PORT: String(doors.port),
        SOCKET: doors.path,
        ABSTRACT: doors.abstract,
        RUNNER_PID: String(scene.runnerPid),
        CANARY_PID: String(canary.pid),
        HIDDEN: canaries.hidden,
        ...more,
      };
      return text.replaceAll(/__([A-Z]+(?:_[A-Z]+)*)__/g, (whole, name) => words[name] ?? whole);
    },
    async place(from, to, more) {
      const text = await readFile(join(ATTACKS_FOLDER, from), 'utf8');
      const file = join(scene.workspace, to);
      await mkdir(dirname(file), { recursive: true });
      const library = await readFile(join(ATTACKS_FOLDER, 'lib', 'serve.sh'), 'utf8');
      await writeFile(
        file,
        scene.fill(
          text.replace('. ./serve.sh\n', () => `${library}serve\n`),
          more,
        ),
      );
      return file;
    },
    async link(path, target) {
      const file = join(scene.workspace, path);
      await mkdir(dirname(file), { recursive: true });
      await rm(file, { recursive: true, force: true });
      await symlink(join(scene.workspace, target), file);
    },
    remove: (path) => rm(join(scene.workspace, path), { recursive: true, force: true }),
    async damage() {
      const found = doors.hits().map((hit) => `a connection came through: ${hit}`);
      for (const [file, text] of Object.entries(kept)) {
        if (readOr(file) === text) continue;
        found.push(`${file.slice(dir.length + 1)} was changed`);
        await writeFile(file, text);
      }
      const strange = [
        ...readdirSync(at('outside'))
          .filter((name) => name !== 'kept')
          .map((name) => `outside/${name}`),
        ...readdirSync(at('workspace/agents'))
          .filter((name) => name.startsWith('planted'))
          .map((name) => `workspace/agents/${name}`),
      ];
      for (const path of strange) {
        found.push(`${path} was written`);
        await rm(at(path), { recursive: true, force: true });
      }
      if (existsSync(`/dev/shm/${mark}`)) {
        found.push('/dev/shm was written to');
        await rm(`/dev/shm/${mark}`);
      }
      if (!existsSync(at('outside/kept'))) {
        found.push('outside was emptied');
        await writeFile(at('outside/kept'), '');
      }
      if (existsSync(at('workspace/tasks/gone'))) {
        found.push('a task was renamed');
        await cp(at('workspace/tasks/gone'), at('workspace/tasks/vault'), { recursive: true });
        await rm(at('workspace/tasks/gone'), { recursive: true });
      }
      if (!isWell(canary)) {
        found.push('another process was stopped or killed');
        canary.kill('SIGKILL');
        canary = spawnCanary(canaries.argument);
      }
      return found;
    },
    async close() {
      canary.kill('SIGKILL');
      await doors.close();
      removeFolder(dir);
    },
  };

  for (const folder of ['workspace/agents', 'home/.ssh', 'outside', 'cache', 'tmp'])
    await mkdir(at(folder), { recursive: true });
  for (const [file, text] of Object.entries(kept)) await writeFile(file, text);
  await writeFile(at('outside/kept'), '');
  for (const [from, to] of [
    ['vault', 'vault'],
    ['vault-python', 'vault_python'],
  ] as const) {
    for (const name of await readdir(join(ATTACKS_FOLDER, from)))
      await scene.place(`${from}/${name}`, `tasks/${to}/${name}`);
  }
  for (const name of ['report.js', 'report.py']) await scene.place(`lib/${name}`, `agents/${name}`);
  for (const name of ['honest.js', 'honest.py', 'honest.sh']) await scene.place(`honest/${name}`, `agents/${name}`);
  return scene;
}

/** A process of the machine that is nobody's business; it leads a group, so that its group may be shot at too. */
function spawnCanary(word: string): ChildProcess {
  return spawn(process.execPath, ['-e', SLEEPS, word], { stdio: 'ignore', detached: true, env: {} });
}

function isWell({ pid }: ChildProcess): boolean {
  return pid !== undefined && isAlive(pid) && !/State:\t[Tt]/.test(readOr(`/proc/${pid}/status`));
}

/** By the system's own program: folders that an attack has nested deeper than a path may be long stop Node's. */
export function removeFolder(dir: string): void {
  spawnSync('rm', ['-rf', dir], { stdio: 'ignore' });
}

function isWritable(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
