import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readResult } from './check-result.js';
import { parseChunk, parseTicket } from './chunk.js';
import { parseFault } from './results.js';
import { artifactOf, jobs, RUNTIME } from './testing/jobs.js';

const [job] = jobs(1, { budgets: { steps: 20 } }) as [ReturnType<typeof jobs>[0] & object];
const packed = (value: unknown) => gzipSync(typeof value === 'string' ? value : JSON.stringify(value));

describe('what a worker sent as an artifact', () => {
  test('is taken when it is whole and of the job', async () => {
    expect(await readResult(packed(artifactOf(job)), job, RUNTIME)).toEqual({ artifact: artifactOf(job) });
  });

  test.each([
    ['another seed', { seed: 5 }, "its seed is 5, the job's is 0"],
    ['another agent', { agent_hash: 'sha256:b' }, `its agent_hash is sha256:b, the job's is ${job.agent_hash}`],
    ['another name of it', { agent_ref: 'agents/better.ts' }, 'its agent_ref is agents/better.ts'],
    ['another task', { task_ref: 'demo@2' }, "its task_ref is demo@2, the job's is demo@1"],
    ['another version of the task', { task_hash: `sha256:${'1'.repeat(64)}` }, 'its task_hash is'],
    ['another budget', { budgets: { steps: 21, tool_calls: 10, wall_clock_seconds: null } }, 'should be 20'],
    ['fewer actions', { tools: ['read_file'] }, 'its tools is ["read_file"], the job\'s is'],
    ['an episode that was forked', { forked_from: { artifact_hash: 'a', at: 2 } }, 'its forked_from is'],
    [
      'another runtime',
      { runtime_identity: { name: 'tracecore-ts', version: '9.9.8', git_sha: null } },
      "its runtime_identity.version is 9.9.8, the job's is 9.9.9",
    ],
  ])('is refused for %s', async (_, fields, why) => {
    const read = await readResult(packed(artifactOf(job, fields)), job, RUNTIME);
    expect(read).toEqual({ fault: expect.stringContaining(why) });
  });

  test('is refused when it was changed, is no artifact, or would fill the memory', async () => {
    const fault = async (payload: Buffer) => (await readResult(payload, job, RUNTIME)) as { fault: string };
    expect((await fault(packed({ ...artifactOf(job), success: false }))).fault).toMatch(/artifact_hash should be/);
    expect((await fault(packed('{"a":1,"a":2}'))).fault).toMatch(/^it cannot be read: /);
    expect((await fault(Buffer.from('hello'))).fault).toMatch(/^it cannot be read: incorrect header check/);
    expect((await fault(packed(' '.repeat(65 * 1024 * 1024)))).fault).toMatch(
      /^it cannot be read: Cannot create a Buffer/,
    );
  });
});

test('nothing that stands on the queue makes a reader throw', () => {
  const field = fc.oneof(fc.constantFrom('job', 'r', 'closed', 'd0', 'a0', '__proto__'), fc.string());
  const text = fc.oneof(fc.string(), fc.json());
  fc.assert(fc.property(fc.anything(), (value) => void parseTicket(value)));
  fc.assert(fc.property(fc.dictionary(field, text), (fields) => void parseChunk(fields)));
  fc.assert(
    fc.property(text, (payload) => {
      expect(parseFault(Buffer.from(payload)).code).toMatch(/^[A-Z]/);
    }),
  );
});
