import { cp, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ATTACKS_FOLDER, type Attack, EXTENSIONS, type HostName } from './attack.js';
import type { PlayOrder } from './coordinator.js';
import type { Scene } from './scene.js';

/** The folder of an attacking task in the workspace. */
const TASK_FOLDER = 'tasks/attacking';

/** Puts an attack's files where they are played from, and takes them away again. */
export class Stage {
  readonly #scene: Scene;
  readonly #host: HostName;

  constructor(scene: Scene, host: HostName) {
    this.#scene = scene;
    this.#host = host;
  }

  /** What is to be played; `variant` stands for `__VARIANT__` in the attack's files. */
  async set(attack: Attack, variant: string): Promise<PlayOrder> {
    const [group, name] = [dirname(attack.id), basename(attack.id)];
    const { workspace } = this.#scene;
    const words = { VARIANT: this.#scene.fill(variant) };
    for (const [to, from] of Object.entries(attack.files ?? {})) await this.#scene.place(`${group}/${from}`, to, words);
    for (const [to, from] of Object.entries(attack.copies ?? {})) {
      await cp(join(workspace, from), join(workspace, to), { recursive: true });
    }
    const order = attack.role === 'task' ? await this.#task(group, name, words) : await this.#agent(group, name, words);
    for (const [to, target] of Object.entries(attack.links ?? {})) {
      await this.#scene.link(to.replace('TASK', TASK_FOLDER), target);
    }
    return order;
  }

  async clear({ files = {}, links = {}, copies = {} }: Attack): Promise<void> {
    for (const path of [...Object.keys(files), ...Object.keys(links), ...Object.keys(copies), TASK_FOLDER]) {
      await this.#scene.remove(path);
    }
  }

  async #agent(group: string, name: string, words: Record<string, string>): Promise<PlayOrder> {
    const file = `${name}${EXTENSIONS[this.#host]}`;
    const path = await this.#scene.place(`${group}/${file}`, `agents/${file}`, words);
    const task = join(this.#scene.workspace, 'tasks', 'vault');
    if (this.#host === 'process-cmd') {
      return { agent: `cmd:sh agents/${file} ${this.#scene.mark}`, isolation: 'process', task, score: true };
    }
    const isolation = this.#host.startsWith('process') ? 'process' : (this.#host as PlayOrder['isolation']);
    return { agent: path, isolation, task, score: true };
  }

  /** The vault with the attack's own files over it, played by the honest agent. */
  async #task(group: string, name: string, words: Record<string, string>): Promise<PlayOrder> {
    const { workspace } = this.#scene;
    const task = join(workspace, TASK_FOLDER);
    const [vault, endings] = this.#host === 'isolate' ? ['vault', ['.js', '.toml']] : ['vault_python', ['.py']];
    await rm(task, { recursive: true, force: true });
    await cp(join(workspace, 'tasks', vault as string), task, { recursive: true });
    if (this.#host === 'isolate') await cp(join(task, 'actions.js'), join(task, 'honest-actions.js'));
    for (const file of await readdir(join(ATTACKS_FOLDER, group, name)).catch(() => [])) {
      const isOurs = (endings as string[]).some((ending) => file.endsWith(ending));
      if (isOurs) await this.#scene.place(`${group}/${name}/${file}`, `${TASK_FOLDER}/${file}`, words);
    }
    return { agent: join(workspace, 'agents', 'honest.js'), isolation: 'isolate', task, score: false };
  }
}
