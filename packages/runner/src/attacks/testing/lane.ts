import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import { kitModules } from '../../testing/workspace.js';
import type { EpisodeRequest } from '../../types.js';
import { type Attack, type Cell, CONFINED_BY, type ConfinedBy, type HostName, reasonOf } from './attack.js';
import { Coordinator, type Played, type PlayOrder } from './coordinator.js';
import { type Fault, judge, type Sighting } from './judge.js';
import { findOrphans } from './orphans.js';
import { openScene, removeFolder, type Scene } from './scene.js';
import { Stage } from './stage.js';

type Time = Pick<EpisodeRequest, 'limits' | 'budgets'>;
const FUEL_PER_CALL = 1_000;
/** For what may end by the clock: short, since what never ends costs all of it. */
const HURRIED: Time = {
  limits: { fuelPerCall: FUEL_PER_CALL, callDeadlineMs: 2_000 },
  budgets: { wall_clock_seconds: 4 },
};
/** For everything else, whose ending must not hang on how busy the machine is. */
const PATIENT: Time = {
  limits: { fuelPerCall: FUEL_PER_CALL, callDeadlineMs: 60_000 },
  budgets: { wall_clock_seconds: 120 },
};
/** Longest wait for processes that were killed to be gone. */
const GONE_MS = 5_000;
/** What the artifact of an agent names whose code was never loaded. */
const REFUSED = 'refused before loading';
const MOST_RSS_GROWTH = 64 * 1024 * 1024;
const HONEST: Record<HostName, { isolation: PlayOrder['isolation']; file: string }> = {
  isolate: { isolation: 'isolate', file: 'honest.js' },
  'process-node': { isolation: 'process', file: 'honest.js' },
  'process-python': { isolation: 'process', file: 'honest.py' },
  'process-cmd': { isolation: 'process', file: 'honest.sh' },
  inline: { isolation: 'inline', file: 'honest.js' },
};

/** One host under one confinement, attacked. */
export interface LaneOptions {
  host: HostName;
  /** Given to the runner; without it, the strongest that the machine has. */
  confinement?: ConfinedBy;
  /** Other options of the runner. */
  runnerOptions?: Record<string, unknown>;
  /** Takes the place of the confinement that was seen: how a test has a weak host judged by what a strong one promises. */
  judgedAs?: ConfinedBy;
  /** Most that the runner's memory may have grown by in the end, in bytes. */
  mostRssGrowth?: number;
}

export type Outcome = 'as stated' | 'open' | 'not run' | 'failed';

export interface Verdict {
  attack: string;
  outcome: Outcome;
  faults: Fault[];
  /** Why it is open or was not run. */
  reason?: string;
  ms: number;
}

export interface LaneReport {
  host: HostName;
  confinedBy: ConfinedBy;
  mechanism: string;
  verdicts: Verdict[];
  rssGrowth: number;
  /** What was wrong with the lane itself. */
  faults: string[];
}

/** Plays every attack that has a cell for the host, each between honest episodes that must not change. */
export async function runLane(attacks: readonly Attack[], options: LaneOptions): Promise<LaneReport> {
  const lane = new Lane(options, await openScene());
  try {
    await lane.begin();
    const verdicts: Verdict[] = [];
    for (const attack of attacks) {
      const cell = attack.hosts[options.host];
      if (cell) verdicts.push(await lane.attack(attack, cell));
    }
    return await lane.end(verdicts);
  } finally {
    await lane.close();
  }
}

class Lane {
  readonly #options: LaneOptions;
  readonly #scene: Scene;
  readonly #stage: Stage;
  #coordinator: Coordinator | null = null;
  #baseline = new Map<string, string>();
  #mechanism = '';
  #confinedBy: ConfinedBy = 'bare';
  #rssAtStart = 0;

  constructor(options: LaneOptions, scene: Scene) {
    this.#options = options;
    this.#scene = scene;
    this.#stage = new Stage(scene, options.host);
  }

  async begin(): Promise<void> {
    await this.#start();
    for (const order of this.#honestOrders(true)) {
      const played = await this.#play(order);
      const artifact = artifactOf(played);
      if (!artifact?.success)
        throw new Error(`the honest ${order.key} episode failed on ${this.#options.host}: ${saidBy(played)}`);
      this.#baseline.set(order.key, artifact.artifact_hash);
      if (order.key !== 'own') continue;
      this.#mechanism = (artifact.isolation as { mechanism: string }).mechanism;
    }
    const seen = CONFINED_BY.find((name) => this.#mechanism.endsWith(name)) ?? 'bare';
    this.#confinedBy = this.#options.judgedAs ?? seen;
    await this.#honestFaults(true);
    this.#rssAtStart = await this.#running().rss();
  }

  async attack(attack: Attack, cell: Cell): Promise<Verdict> {
    const began = performance.now();
    const notRun = reasonOf(cell, 'notRun', this.#confinedBy);
    if (notRun !== null) return { attack: attack.id, outcome: 'not run', faults: [], reason: notRun, ms: 0 };
    const open = reasonOf(cell, 'open', this.#confinedBy);
    const byTheClock = open !== null || cell.ends?.includes('timeout');
    const faults: Fault[] = [];
    for (const variant of attack.variants ?? ['']) {
      const staged = await this.#stage.set(attack, variant);
      const order = { ...staged, request: { ...(byTheClock ? HURRIED : PATIENT), ...staged.request } };
      for (let n = 0; n < (attack.plays ?? 1); n += 1) {
        const found = judge(cell, await this.#playOne(attack, order), open !== null);
        faults.push(
          ...found.map((fault) => (variant === '' ? fault : { ...fault, what: `${variant}: ${fault.what}` })),
        );
      }
      await this.#stage.clear(attack);
    }
    for (const what of await this.#honestFaults(attack.role === 'task')) faults.push({ kind: 'honest changed', what });
    const outcome = faults.length > 0 ? 'failed' : open === null ? 'as stated' : 'open';
    const ms = Math.round(performance.now() - began);
    return { attack: attack.id, outcome, faults, ...(open === null ? {} : { reason: open }), ms };
  }

  async end(verdicts: Verdict[]): Promise<LaneReport> {
    const rssGrowth = (await this.#running().rss()) - this.#rssAtStart;
    await this.#running().close();
    const { host, mostRssGrowth = MOST_RSS_GROWTH } = this.#options;
    const faults = [
      ...(rssGrowth > mostRssGrowth ? [`the runner's memory grew by ${Math.round(rssGrowth / 2 ** 20)} MiB`] : []),
      ...(await this.#orphans()).map((command) => `${command} was left running after the runner was closed`),
      ...(await this.#leftovers()).map((name) => `the folder ${name} was left after the runner was closed`),
    ];
    return { host, confinedBy: this.#confinedBy, mechanism: this.#mechanism, verdicts, rssGrowth, faults };
  }

  async close(): Promise<void> {
    this.#coordinator?.kill();
    await this.#orphans();
    await this.#scene.close();
  }

  async #playOne(attack: Attack, order: PlayOrder): Promise<Sighting> {
    const played = await this.#play(order);
    // Before anything else: a worker that is let go takes with it what was left below it.
    const orphans = await this.#orphans();
    const artifact = artifactOf(played);
    const { mechanism } = (artifact?.isolation ?? { mechanism: REFUSED }) as { mechanism: string };
    const elsewhere = mechanism === this.#mechanism || mechanism === REFUSED ? [] : [`it ran under ${mechanism}`];
    // What was touched is put right before the task is read again.
    const damage = [...(await this.#scene.damage()), ...elsewhere];
    return {
      played,
      findings: artifact ? await this.#running().verify(artifact, order) : [],
      canaries: this.#scene.canaries,
      neverSeen: (attack.neverSeen ?? []).map((word) => this.#scene.fill(word)),
      damage,
      orphans,
      leftovers: await this.#leftovers(),
    };
  }

  #honestOrders(withTask: boolean): (PlayOrder & { key: string })[] {
    const { host } = this.#options;
    const { isolation, file } = HONEST[host];
    const task = join(this.#scene.workspace, 'tasks', 'vault');
    const pair = { ...this.#honestAgent('isolate', 'honest.js'), task, key: 'pair' };
    const own = { ...this.#honestAgent(isolation, file), task, key: 'own' };
    const pythonTask = { ...pair, task: `${task}_python`, key: 'task' };
    return [pair, own, ...(withTask && host === 'process-python' ? [pythonTask] : [])];
  }

  #honestAgent(isolation: PlayOrder['isolation'], file: string): Omit<PlayOrder, 'task'> {
    const path = join(this.#scene.workspace, 'agents', file);
    return { agent: file.endsWith('.sh') ? `cmd:sh agents/${file}` : path, isolation, score: false };
  }

  /** How honest episodes now differ from those before every attack. */
  async #honestFaults(withTask: boolean): Promise<string[]> {
    const faults: string[] = [];
    for (const order of this.#honestOrders(withTask)) {
      const played = await this.#play(order);
      const hash = artifactOf(played)?.artifact_hash;
      if (hash === this.#baseline.get(order.key)) continue;
      faults.push(`the honest ${order.key} episode gave ${saidBy(played)}`);
    }
    return faults;
  }

  /** Gives what is still there once everything had the time to be gone, and ends it. */
  async #orphans(): Promise<string[]> {
    const { mark, temporary } = this.#scene;
    const until = performance.now() + GONE_MS;
    let left = findOrphans(mark, temporary);
    while (left.length > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      left = findOrphans(mark, temporary);
    }
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone in the meantime.
      }
    }
    return left.map(({ command }) => command);
  }

  /** Gives the folders of programs that are still there, and removes them. */
  async #leftovers(): Promise<string[]> {
    const { temporary } = this.#scene;
    const names = (await readdir(temporary)).filter((name) => name.startsWith('tracecore-program-'));
    for (const name of names) removeFolder(join(temporary, name));
    return names;
  }

  async #play(order: PlayOrder): Promise<Played> {
    if (this.#running().gone) await this.#start();
    return this.#running().play({ ...order, request: { ...PATIENT, ...order.request } });
  }

  async #start(): Promise<void> {
    const { workspace, cache, temporary, mark, canaries } = this.#scene;
    const { confinement, runnerOptions = {} } = this.#options;
    this.#coordinator = await Coordinator.start({
      workspace,
      cache,
      temporary,
      mark,
      modules: await kitModules(),
      environ: canaries.environ,
      runnerOptions: { ...runnerOptions, ...(confinement ? { confinement } : {}) },
    });
    this.#scene.runnerPid = this.#coordinator.pid;
    await this.#coordinator.remember(canaries.memory);
  }

  #running(): Coordinator {
    if (!this.#coordinator) throw new Error('the lane has not begun');
    return this.#coordinator;
  }
}

const saidBy = (played: Played) => ('error' in played ? played.error.message : played.artifact.failure_reason);
const artifactOf = (played: Played): Artifact | null => ('artifact' in played ? played.artifact : null);
