import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Json, JsonObject } from '@tracecore/spec';
import { describe, expect, test, vi } from 'vitest';
import { bundleOf, evaluate, LIMITS, open, run } from '../testing/hosts.js';
import { withFolder } from '../testing/temp-folder.js';
import { createInlineHost } from './host.js';

const host = createInlineHost();
const BUILTIN = "const builtin = (name) => process.getBuiltinModule('node:' + name);";
const play = (body: string, params: JsonObject = {}): Promise<Json> =>
  evaluate(host, `${BUILTIN} ${body}; return null;`, params);

describe('nothing is kept from a program in the referee’s own process', () => {
  test('hidden state: what one program leaves on the globals, another finds', async () => {
    await play('globalThis.vault = "4711";');
    expect(await play('const found = globalThis.vault; delete globalThis.vault; return found;')).toBe('4711');
  });

  test('host files: it reads what the referee reads', async () => {
    const file = join(import.meta.dirname, 'host.ts');
    expect(await play("return builtin('fs').readFileSync(params.file, 'utf8');", { file })).toBe(
      readFileSync(file, 'utf8'),
    );
  });

  test('network: it connects to a port of this machine', async () => {
    const server = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const body = `return new Promise((resolve) => {
      builtin('net').connect(params.port, '127.0.0.1').on('data', (text) => resolve(String(text)));
    });`;
    expect(await play(body, { port })).toBe('hello');
    await new Promise((resolve) => server.close(resolve));
  });

  test('environment: it reads the variables of the referee', async () => {
    vi.stubEnv('TRACECORE_OPEN_TEST', 'a secret');
    expect(await play('return process.env.TRACECORE_OPEN_TEST;')).toBe('a secret');
    vi.unstubAllEnvs();
  });

  test('processes and signals: it starts one, and finds the referee by its id', async () => {
    const body = "return builtin('child_process').spawnSync(process.execPath, ['-e', 'process.exit(7)']).status;";
    expect(await play(body)).toBe(7);
    expect(await play('return [process.pid, process.kill(process.pid, 0)];')).toEqual([process.pid, true]);
  });

  test('clock and randomness: they are those of the machine', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(1_234);
    vi.spyOn(Math, 'random').mockReturnValue(0.125);
    expect(await play('return [Date.now(), Math.random()];')).toEqual([1_234, 0.125]);
    vi.restoreAllMocks();
  });

  test('cpu: it goes on past every deadline until it stops by itself', async () => {
    const body = 'for (let i = 0; i < 3e6; i += 1) globalThis.turns = i; return globalThis.turns;';
    const code = `export const program = { run: () => { ${body} } };`;
    const program = await host.prepare(bundleOf(code), { ...LIMITS, callDeadlineMs: 0, fuelPerCall: 1 });
    await run(await open(program), {}, { deadline: 0 });
    expect((globalThis as { turns?: number }).turns).toBe(3e6 - 1);
  });

  test('memory: it takes more than the limit', async () => {
    expect(await play('return Buffer.alloc(params.bytes).length;', { bytes: LIMITS.memoryBytes * 2 })).toBe(
      LIMITS.memoryBytes * 2,
    );
  });

  test('disk: it writes wherever the referee may', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'written');
      await play("builtin('fs').writeFileSync(params.file, 'x');", { file });
      expect(existsSync(file)).toBe(true);
    }));

  test('output: what it prints goes to the referee’s own streams', async () => {
    const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await play("console.error('x'.repeat(2_000_000));");
    expect(printed).toHaveBeenCalledWith('x'.repeat(2_000_000));
    vi.restoreAllMocks();
  });
});
