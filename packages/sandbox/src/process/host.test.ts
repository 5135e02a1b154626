import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { machine, noBubblewrap } from '../testing/confined.js';
import { LIMITS, open, openFault, START, scopeOf } from '../testing/hosts.js';
import { commandOf, isAlive, processesWith, scripted } from '../testing/programs.js';
import type { ChildNotice, ProcessCommand } from './command.js';
import { createProcessHost } from './host.js';

const noPermissions = machine.nodePermissions === null && 'this Node has no permission model';
const CASES = [
  { confinement: 'bare', missing: false },
  { confinement: 'node-permissions', missing: noPermissions },
  { confinement: 'bubblewrap', missing: noBubblewrap },
] as const;
/** For programs that start others. */
const FREE = { reads: [process.execPath], hides: [], processes: true };

for (const { confinement, missing } of CASES) if (missing) test.skip(`with ${confinement}, left out: ${missing}`);

describe.each(CASES.filter(({ missing }) => !missing))('with $confinement', ({ confinement }) => {
  const notices: ChildNotice[] = [];
  const host = createProcessHost({ onChild: (notice) => notices.push(notice), machine, confinement });
  const inBubblewrap = confinement === 'bubblewrap';
  afterEach(() => {
    // Whatever a test did, its processes are gone and so are their folders.
    for (const { pid, folder } of notices.splice(0)) {
      expect(isAlive(pid)).toBe(false);
      expect(existsSync(folder)).toBe(false);
    }
  });

  const begin = async (command: ProcessCommand, scope = scopeOf(), limits = {}) =>
    open(await host.prepare(command, { ...LIMITS, ...limits }), scope);
  const at = { deadline: null, virtualNow: START };

  /** One `act` of a scripted program, and its end. */
  async function act(script: string, scope = scopeOf(), limits = {}, given: Partial<ProcessCommand> = {}) {
    const session = await begin(scripted(script, given), scope, limits);
    const outcome = await session.call('act', { n: 1 }, at);
    await session.close();
    return outcome;
  }
  const faultOf = async (...args: Parameters<typeof act>) => {
    const outcome = await act(...args);
    return 'fault' in outcome ? `${outcome.fault.kind}: ${outcome.fault.message}` : outcome;
  };

  describe('what a program may do wrong is one fault', () => {
    test.each([
      ['exits', 'on = () => process.exit(3);', 'crash: exited with code 3 before it answered act'],
      ['exits well', 'on = () => process.exit(0);', 'crash: exited with code 0 before it answered act'],
      [
        'is ended',
        "on = () => process.kill(process.pid, 'SIGSEGV');",
        'crash: was ended by SIGSEGV before it answered act',
      ],
      [
        'closes its output',
        "on = () => require('node:fs').closeSync(1);",
        // Bubblewrap keeps its own end of the pipe open.
        inBubblewrap ? 'deadline: did not answer in time' : 'crash: closed its output before it answered act',
      ],
      ['hangs', 'on = () => {};', 'deadline: did not answer in time'],
      ['hangs busily', 'on = () => { for (;;); };', 'deadline: did not answer in time'],
      [
        'answers another id',
        'on = ({ id }) => answer(id + 5, null);',
        'protocol: answered request 7, which was not asked',
      ],
      [
        'writes too long a line',
        "on = () => write('x'.repeat(9 * 1024 * 1024) + '\\n');",
        'protocol: wrote a line longer than 8 MiB',
      ],
      [
        'writes a line without end',
        "on = () => { const more = () => process.stdout.write('x'.repeat(1e6), more); more(); };",
        'protocol: wrote a line longer than 8 MiB',
      ],
    ])('%s', async (_what, script, fault) => {
      expect(await faultOf(script, scopeOf(), { callDeadlineMs: 1_500 })).toBe(fault);
    });

    test('one that ends between two calls says so at the second', async () => {
      const session = await begin(
        scripted('on = ({ id }) => { answer(id, null); setTimeout(() => process.exit(4), 20); };'),
      );
      expect(await session.call('reset', {}, at)).toEqual({ value: null });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await session.call('act', {}, at)).toMatchObject({
        fault: { message: 'exited with code 4 before it answered act' },
      });
      await session.close();
    });

    test('an answer that was written right before the end counts', async () => {
      const script =
        "on = ({ id }) => { answer(id, 'x'.repeat(500000)); process.exitCode = 3; process.stdin.destroy(); };";
      expect(await act(script)).toEqual({ value: 'x'.repeat(500_000) });
    });

    test('a flood of lines is logged and the call goes on', async () => {
      const scope = scopeOf();
      const script =
        "on = ({ id }) => { for (let i = 0; i < 200000; i++) write('noise ' + i + '\\n'); answer(id, 1); };";
      expect(await act(script, scope)).toEqual({ value: 1 });
      expect(scope.lines).toHaveLength(200_000);
    });

    test('one that asks without reading the answers is ended before they fill the memory', async () => {
      const answers: number[] = [];
      const scope = scopeOf({
        services: () => {
          answers.push(1);
          return 'x'.repeat(1024 * 1024);
        },
      });
      // Its input is not read again once it has begun to ask.
      const script =
        "on = () => { process.stdin.pause(); for (let i = 0; i < 5000; i++) send({ id: 'c' + i, method: 'call', params: { method: 'm' } }); };";
      expect(await faultOf(script, scope)).toBe('protocol: asks on and on without reading what it is answered');
      expect(answers.length).toBeLessThan(100);
    });

    test('what does not start, or does not speak the protocol, does not open', async () => {
      const fault = async (command: ProcessCommand) =>
        openFault(await host.prepare(command, { ...LIMITS, callDeadlineMs: 1_000 }));
      expect((await fault(commandOf(['/nowhere/program']))).message).toBe('could not be started (ENOENT)');
      expect((await fault(commandOf(['/bin/true']))).message).toBe('exited with code 0 before it answered initialize');
      expect((await fault(commandOf(['/bin/cat']))).message).toBe('a program may only ask call, got initialize');
      expect((await fault(commandOf(['/bin/sleep', '60']))).kind).toBe('deadline');
      const other = await fault(
        scripted(
          "on = () => {}; process.stdin.removeAllListeners('data'); process.stdin.once('data', () => answer(1, { protocol: 'v2' }));",
        ),
      );
      expect(other.message).toBe('answered initialize with the protocol "v2", expected "tracecore-agent-protocol-v1"');
    });

    test('a temporary folder is not named in a message', async () => {
      const script =
        "on = ({ id }) => send({ id, error: { code: -32000, message: 'in ' + __filename, data: { location: __filename + ':3' } } });";
      expect(await act(script)).toMatchObject({ fault: { message: 'in program.cjs', location: 'program.cjs:3' } });
    });
  });

  describe('what surrounds a program', () => {
    test('its environment is what was given, and the time zone and language', async () => {
      process.env.TRACECORE_TEST_SECRET = 'secret';
      const outcome = await act('on = ({ id }) => answer(id, process.env);', scopeOf(), {}, { env: { GIVEN: 'yes' } });
      delete process.env.TRACECORE_TEST_SECRET;
      const own = inBubblewrap ? { PWD: '/tmp' } : {};
      expect(outcome).toEqual({ value: { GIVEN: 'yes', TZ: 'UTC', LANG: 'C', ...own } });
    });

    test('its folder is a temporary one of its own, removed with whatever it wrote', async () => {
      const script =
        "on = ({ id }) => { require('node:fs').mkdirSync('a/b', { recursive: true }); answer(id, process.cwd()); };";
      const [first, second] = [await act(script), await act(script)].map((outcome) =>
        'value' in outcome ? String(outcome.value) : '',
      );
      const folders = notices.filter(({ running }) => running).map(({ folder }) => folder);
      expect(new Set(folders).size).toBe(2);
      expect([first, second]).toEqual(inBubblewrap ? ['/tmp', '/tmp'] : folders);
      expect(folders.map(dirname)).toEqual([tmpdir(), tmpdir()]);
      expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
    });

    test('a program that starts on its own waits until its process is known', async () => {
      const known: boolean[] = [];
      const onChild = ({ running }: ChildNotice) => known.push(running);
      const eager = createProcessHost({ onChild, machine, confinement });
      const command = scripted('', { startsOnItsOwn: true, confines: FREE });
      const session = await open(await eager.prepare(command, LIMITS));
      expect(known).toEqual([true]);
      await session.close();
      expect(known).toEqual([true, false]);
    });
  });

  describe('the end of a session', () => {
    test('asks the program to end, and lets it', async () => {
      const scope = scopeOf();
      const session = await begin(
        scripted(
          "on = ({ id, method }) => { send({ method: 'log', params: { line: method } }); answer(id, null); process.exit(0); };",
        ),
        scope,
      );
      await session.close();
      expect(await session.call('act', {}, at)).toMatchObject({ fault: { message: 'the session is closed' } });
      expect(processesWith(notices[0]?.folder ?? '?')).toEqual([]);
    });

    const grandchildren = (marker: string) => `
    const { spawn } = require('node:child_process');
    spawn('/bin/sh', ['-c', 'trap "" TERM HUP INT; while :; do sleep 1; done', '${marker}'], { stdio: 'inherit' });`;

    test.each([
      ['after a good end', 'on = ({ id }) => answer(id, null);'],
      ['after a deadline', 'on = () => {};'],
      ['after a wrong answer', 'on = () => answer(99, null);'],
      ['after an exit, holding the pipe open', 'on = () => process.exit(1);'],
      [
        'of a program that will not end',
        "process.on('SIGTERM', () => {}); on = ({ id, method }) => method === 'act' && answer(id, null);",
      ],
    ])('leaves no grandchild %s', async (what, script) => {
      const marker = `tracecore-test-${process.pid}-${what.replaceAll(/\W/g, '-')}`;
      await act(`${grandchildren(marker)}\n${script}`, scopeOf(), { callDeadlineMs: 800 }, { confines: FREE });
      await expect.poll(() => processesWith(marker)).toEqual([]);
    });

    test.skipIf(!inBubblewrap)('leaves none that left its group (bubblewrap alone can tell)', async () => {
      const marker = `tracecore-test-${process.pid}-left`;
      const sleeper = `['-c', 'while :; do sleep 1; done', '${marker}']`;
      const leave = `require('node:child_process').spawn('/bin/sh', ${sleeper}, { detached: true });`;
      const session = await begin(scripted(`${leave}\non = ({ id }) => answer(id, null);`, { confines: FREE }));
      expect(await session.call('act', {}, at)).toEqual({ value: null });
      expect(processesWith(marker)).not.toEqual([]);
      await session.close();
      await expect.poll(() => processesWith(marker)).toEqual([]);
    });
  });

  describe('a task', () => {
    test('reaches the world while it is asked something, and only then', async () => {
      const script = `
      on = async ({ id, method }) => {
        if (method === 'setup') {
          answer(id, null);
          const { error } = await call('world.exists', {});
          return send({ method: 'log', params: { line: 'late ' + error.message } });
        }
        const read = await call('world.read_file', { path: '/app/a' });
        const missing = await call('world.read_file', { path: '/app/b' });
        const bad = await call(7);
        answer(id, [read.result, missing.error, bad.error.message]);
      };`;
      const scope = scopeOf({
        role: 'task',
        services: (_method, { path }) => {
          if (path === '/app/a') return 'text';
          throw new Error('file_not_found');
        },
      });
      const session = await begin(scripted(script), scope);
      await session.call('setup', {}, at);
      await expect.poll(() => scope.lines).toEqual(['late call_out_of_turn']);
      expect(await session.call('execute', {}, at)).toEqual({
        value: ['text', { code: -32000, message: 'file_not_found' }, 'invalid_params: method must be a string'],
      });
      await session.close();
    });
  });
});
