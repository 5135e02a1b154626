import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Line {
  job: string;
  run_id?: string;
  artifact_hash?: string;
}

/** The batches of a folder that have begun, oldest first. */
export function batchIds(cwd: string): string[] {
  const folder = join(cwd, '.agent_bench', 'batches');
  try {
    return readdirSync(folder)
      .filter((id) => existsSync(join(folder, id, 'plan.json')))
      .sort();
  } catch {
    return [];
  }
}

/** The whole lines of a batch's journal. */
export async function journalOf(cwd: string, id: string): Promise<Line[]> {
  const text = await readFile(join(cwd, '.agent_bench', 'batches', id, 'journal.jsonl'), 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** Hashes of all runs of a folder, sorted, as their files have them. */
export function hashesOf(cwd: string): string[] {
  const folder = join(cwd, '.agent_bench', 'runs');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { artifact_hash: string }).artifact_hash)
    .sort();
}

/** A process and all that came from it, each named so that a later process of the same id is another. */
export function familyOf(pid: number): string[] {
  const born = new Map<number, string>();
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    const stat = statOf(Number(name));
    if (stat === null) continue;
    born.set(Number(name), stat.born);
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(name)]);
  }
  const family = [pid];
  for (const one of family) family.push(...(children.get(one) ?? []));
  return family.filter((one) => born.has(one)).map((one) => `${one} ${born.get(one)}`);
}

/** Which of them are still there; one that has ended and waits to be buried is not. */
export function aliveOf(family: readonly string[]): string[] {
  return family.filter((one) => {
    const [pid, since] = one.split(' ');
    const stat = statOf(Number(pid));
    return stat !== null && stat.born === since && stat.state !== 'Z';
  });
}

function statOf(pid: number): { state: string; parent: number; born: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] as string, parent: Number(fields[1]), born: fields[19] as string };
  } catch {
    return null;
  }
}
