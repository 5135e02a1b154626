import type { QueueModule, QueueWorker, RateLimit } from '@tracecore/runner';
import { parseCount } from '../argv.js';
import { usualWorkers } from '../batch/engine.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { readQueue } from '../queue/address.js';
import { openQueuePlayer } from '../queue/player.js';
import { printable } from '../render/printable.js';
import { findWorkspace } from '../workspace.js';

const RATE = /^([^=]+)=(\d+)\/(\d+(?:\.\d+)?)$/;

/** `worker`: plays what is on a queue until it is stopped. */
export async function worker(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const address = readQueue(io, input);
  const concurrency = readConcurrency(input);
  const providers = readProviders(input);
  const lock = input.text('lock');
  const lockMs =
    lock === undefined ? undefined : requirePositive('--lock', parseCount('lock', 'seconds', lock)) * 1_000;
  const name = input.text('name');
  const workspace = await findWorkspace(io, input.text('root'));
  const queue = await deps.load.queue();
  const say = (text: string) => io.stderr(`tracecore: ${printable(text)}\n`);
  const player = await openQueuePlayer(deps, workspace, {
    concurrency,
    acceptCode: input.has('accept-code'),
    acceptCommands: input.has('accept-commands'),
    env: input.list('env'),
    say,
  });
  let played = 0;
  let removeListener = (): void => undefined;
  try {
    const started = await queue.startWorker({
      ...{ ...address, player, concurrency, providers, onNotice: say },
      ...(name === undefined ? {} : { name }),
      ...(lockMs === undefined ? {} : { lockMs }),
      onPlayed: () => {
        played += 1;
      },
    });
    removeListener = stopOnInterrupt(deps, started, say);
    const lines = ['', ...providers.keys()].length > 1 ? `, also for ${[...providers.keys()].join(', ')}` : '';
    say(`worker ${started.name} serves ${shown(queue, address)}${lines}, ${concurrency} at once; Ctrl-C stops it`);
    await started.done;
  } finally {
    removeListener();
    await player.close();
  }
  say(`stopped; ${played} ${played === 1 ? 'episode' : 'episodes'} played`);
  return EXIT.ok;
}

const shown = (queue: QueueModule, address: Parameters<QueueModule['shownAddress']>[0]) => queue.shownAddress(address);

/** The first Ctrl-C lets what is played end, the second does not. */
function stopOnInterrupt({ io }: Deps, started: QueueWorker, say: (text: string) => void): () => void {
  let times = 0;
  return io.onInterrupt(() => {
    times += 1;
    if (times === 1) say('stopping once the running episodes have ended; again ends them now');
    // How it ends is told by what `done` comes to.
    started.stop().catch(() => undefined);
  });
}

function readConcurrency(input: CommandInput): number {
  const text = input.text('concurrency');
  if (text === undefined) return usualWorkers();
  return requirePositive('--concurrency', parseCount('concurrency', 'episodes', text));
}

function readProviders(input: CommandInput): Map<string, RateLimit | null> {
  const providers = new Map<string, RateLimit | null>(input.list('provider').map((name) => [name, null]));
  for (const text of input.list('rate')) {
    const [, name, episodes, seconds] = RATE.exec(text) ?? [];
    if (name === undefined || !(Number(episodes) > 0) || !(Number(seconds) > 0)) {
      throw new CliError('USAGE', `--rate must be NAME=EPISODES/SECONDS, such as openai=60/60, got "${text}"`);
    }
    providers.set(name, { episodes: Number(episodes), seconds: Number(seconds) });
  }
  return providers;
}

function requirePositive(option: string, value: number): number {
  if (value > 0) return value;
  throw new CliError('USAGE', `${option} must be 1 or more, got ${value}`);
}
