import { checkBudgets, checkHash, checkRedactions, checkTaxonomy, isRedacted, redactionsOf } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { isReferenceArtifact, isReferenceRun, referenceHash } from '@tracecore/artifact/reference';
import { type Artifact, parseArtifact, SpecError } from '@tracecore/spec';
import type { LoadedTask, TaskRegistry } from '@tracecore/tasks';
import type { Loader } from '../loader.js';
import type { Runner } from '../types.js';
import { ARTIFACT_CHECKS, fail, ofFindings, ok, skip, type VerifyCheck } from './check.js';
import { rederive } from './rederive.js';

/** `ok` is true when every check passed or had a reason not to be made. */
export interface VerifyReport {
  ok: boolean;
  run_id: string | null;
  checks: VerifyCheck[];
}

export interface VerifyDependencies {
  registry: Pick<TaskRegistry, 'get'>;
  loader: Pick<Loader, 'task'>;
  runner: Runner;
}

/**
 * Checks an artifact: schema, hash, budget arithmetic, taxonomy, and its score by re-derivation. Throws only for our
 * own faults; whatever is wrong with the artifact is a line of the report.
 * @param value the parsed file. @param text the file itself, which the Python runtime's hash needs.
 */
export async function verifyArtifact(
  value: unknown,
  text: string,
  dependencies: VerifyDependencies,
): Promise<VerifyReport> {
  let artifact: Artifact;
  try {
    artifact = parseArtifact(value);
  } catch (error) {
    return unreadable(error);
  }
  const checks: VerifyCheck[] = [
    ok('schema', 'the fields are those of v1.0'),
    verifyHash(artifact, text),
    ofFindings('budgets', checkBudgets(artifact), 'every step adds up'),
    ofFindings('taxonomy', checkTaxonomy(artifact), 'outcome, reason and type agree'),
    ...(isRedacted(artifact) ? [verifyRedactions(artifact)] : []),
    await verifyScore(artifact, dependencies),
  ];
  return { ok: checks.every(({ status }) => status !== 'fail'), run_id: artifact.run_id, checks };
}

function verifyHash(artifact: Artifact, text: string): VerifyCheck {
  if (!isReferenceArtifact(artifact))
    return ofFindings('hash', checkHash(artifact, sha256), 'the bytes are those that were sealed');
  const computed = referenceHash(text, sha256);
  if (computed === artifact.artifact_hash) return ok('hash', 'the bytes are those that were sealed', 'python form');
  return fail(
    'hash',
    'HASH_MISMATCH',
    `/artifact_hash is ${artifact.artifact_hash}, computed ${computed} (python form)`,
    '/artifact_hash',
  );
}

function verifyRedactions(artifact: Artifact): VerifyCheck {
  const line = ofFindings('redactions', checkRedactions(artifact), 'each redacted place holds its commitment');
  const places = redactionsOf(artifact).length;
  return line.status === 'ok' ? { ...line, note: `${places} ${places === 1 ? 'place' : 'places'}` } : line;
}

async function verifyScore(artifact: Artifact, { registry, loader, runner }: VerifyDependencies): Promise<VerifyCheck> {
  const check = 're-derivation';
  if (isRedacted(artifact)) return skip(check, 'what is redacted cannot be played again', 'REDACTED');
  const ofPython = isReferenceRun(artifact);
  let task: LoadedTask;
  try {
    task = await loader.task(await registry.get(artifact.task_ref));
  } catch (error) {
    const { code = 'TASK_NOT_FOUND', message } = error as { code?: string; message: string };
    const said = `the score cannot be proven: ${message}`;
    // Nobody claims that every task of the other runtime is here.
    if (ofPython && code === 'TASK_NOT_FOUND') return skip(check, said, code);
    return fail(check, code, said, '/task_ref');
  }
  const here = ofPython ? task.reference_task_hash : task.hash;
  if (here !== undefined && here !== artifact.task_hash) {
    const message = `/task_hash is ${artifact.task_hash}, the task here has ${here}`;
    return fail(check, 'TASK_HASH_DIFFERS', message, '/task_hash');
  }
  const scope = here === undefined ? 'verdict' : 'whole';
  try {
    const difference = await rederive(artifact, task, runner, scope);
    if (difference) return fail(check, 'SCORE_DIFFERS', difference.message, difference.pointer);
  } catch (error) {
    const { code = 'REPLAY_FAILED', message } = error as { code?: string; message: string };
    return fail(check, code, `the recorded actions could not be played again: ${message}`);
  }
  if (scope === 'whole') return ok(check, 'the recorded actions lead to the recorded score');
  const message = `the recorded actions lead to the recorded verdict in this runtime's ${task.ref}; what they returned is not compared`;
  return { ...ok(check, message, `the verdict, in this runtime's ${task.ref}`), code: 'VERDICT_ONLY' };
}

function unreadable(error: unknown): VerifyReport {
  if (!(error instanceof SpecError)) throw error;
  const [first] = error.issues;
  const [schema, ...others] = ARTIFACT_CHECKS;
  return {
    ok: false,
    run_id: null,
    checks: [
      fail(schema, error.code, error.message, first?.pointer),
      ...others.map((name) => skip(name, 'not made: the schema does not hold')),
    ],
  };
}
