import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Confinement, type Machine, probeMachine } from '@tracecore/sandbox/confine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planLaunch } from './launch.js';

const entry = fileURLToPath(new URL('../testing/prying-worker.mjs', import.meta.url));
const secret = join(homedir(), `.tracecore-secret-${process.pid}`);
const OPEN = { environment: ['LANG', 'PWD', 'TZ'], ownFile: 'done' };
const NO_FILES = {
  hostFile: 'ERR_ACCESS_DENIED',
  root: 'ERR_ACCESS_DENIED',
  memory: 'ERR_ACCESS_DENIED',
  write: 'ERR_ACCESS_DENIED',
  spawn: 'ERR_ACCESS_DENIED',
};

let machine: Machine;
let server: Server;
beforeAll(async () => {
  machine = await probeMachine();
  await writeFile(secret, 'secret');
  server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(async () => {
  server.close();
  await Promise.all([secret, join(tmpdir(), 'tracecore-prying')].map((file) => rm(file, { force: true })));
});

/** What a locked worker could do, and what it was kept by. */
async function pry(strongest: Confinement, on: Machine) {
  const setup = { entry, files: [entry], flags: [], machine: on, confinement: strongest };
  const launch = planLaunch('locked', setup, strongest, []);
  const fds = launch.openFds();
  const [program, ...args] = launch.argv;
  const { port } = server.address() as AddressInfo;
  const child = spawn(program, [...args, String(port), String(process.pid), secret], {
    cwd: tmpdir(),
    env: launch.env,
    detached: launch.detached,
    stdio: ['ignore', 'pipe', 'inherit', ...fds],
  });
  for (const fd of fds) closeSync(fd);
  const said = await text(child.stdout as NonNullable<typeof child.stdout>);
  return { confinement: launch.confinement, watchdog: launch.start.watchdog, ...(JSON.parse(said) as object) };
}

test('under bubblewrap a worker has nothing of the machine, twice over', async (ctx) => {
  if (machine.bubblewrap === null) ctx.skip(`no bubblewrap: ${machine.bubblewrapMissing}`);
  const kept = { confinement: 'bubblewrap', watchdog: false, ...OPEN, signal: 'ESRCH', thread: 'ERR_ACCESS_DENIED' };
  expect(await pry('bubblewrap', machine)).toMatchObject({ ...kept, ...NO_FILES });
  const withoutFlags = await pry('bubblewrap', { ...machine, nodePermissions: null });
  const gone = { hostFile: 'ENOENT', memory: 'ENOENT', spawn: 'EPERM', signal: 'ESRCH' };
  expect(withoutFlags).toMatchObject({ confinement: 'bubblewrap', ...OPEN, ...gone });
  for (const { network } of [await pry('bubblewrap', machine), withoutFlags] as unknown as { network: string }[]) {
    expect(['ECONNREFUSED', 'EPERM', 'EACCES', 'ENETUNREACH']).toContain(network);
  }
});

test('under the permissions of Node it has no files and no processes', async (ctx) => {
  if (machine.nodePermissions === null) ctx.skip(`Node ${process.version} has no permissions`);
  const kept = { confinement: 'node-permissions', watchdog: true, ...OPEN, thread: 'done' };
  expect(await pry('node-permissions', machine)).toMatchObject({ ...kept, ...NO_FILES });
  expect(await pry('bubblewrap', { ...machine, bubblewrap: null })).toMatchObject({ ...kept, ...NO_FILES });
});

test('bare it has an empty environment and no more', async () => {
  const all = { ...OPEN, hostFile: 'done', root: 'done', write: 'done', spawn: 'done', network: 'done' };
  expect(await pry('bare', machine)).toMatchObject({ confinement: 'bare', watchdog: true, ...all });
});
