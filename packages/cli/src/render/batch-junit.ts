import type { failureOf as FailureOf, JobResult } from '@tracecore/runner';
import type { BatchView } from '../batch/report.js';

/** What XML 1.0 cannot hold, not even escaped. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * A JUnit report: a suite for each agent on a task, a case for each seed. An agent's failure is a `failure`, one of the
 * machinery an `error`, and what was not played is `skipped`.
 */
export function renderJunit({ name, results, summary }: BatchView, failureOf: typeof FailureOf): string {
  const suites = groupsOf(results);
  const body = [...suites.values()].map((cases) => suiteOf(cases, failureOf)).join('');
  const counts = attributes({
    ...{ name: `tracecore batch ${name}`, tests: summary.total, failures: summary.failed },
    ...{ errors: summary.infrastructure, skipped: summary.pending, time: summary.elapsed_s },
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${counts}>\n${body}</testsuites>\n`;
}

function groupsOf(results: readonly JobResult[]): Map<string, JobResult[]> {
  const suites = new Map<string, JobResult[]>();
  for (const result of results) {
    const key = `${result.job.agent} on ${result.job.task_ref}`;
    const cases = suites.get(key) ?? [];
    suites.set(key, cases);
    cases.push(result);
  }
  return suites;
}

function suiteOf(cases: readonly JobResult[], failureOf: typeof FailureOf): string {
  const { agent, task_ref } = (cases[0] as JobResult).job;
  const name = `${agent} on ${task_ref}`;
  const count = (state: JobResult['state']) => cases.filter((one) => one.state === state).length;
  const time = cases.reduce((sum, { line }) => sum + secondsOf(line), 0);
  const counts = attributes({
    ...{ name, tests: cases.length, failures: count('failed'), errors: count('infrastructure') },
    ...{ skipped: count('pending'), time: time.toFixed(3) },
  });
  return `  <testsuite${counts}>\n${cases.map((one) => caseOf(one, name, failureOf)).join('')}  </testsuite>\n`;
}

function caseOf({ job, state, line }: JobResult, classname: string, failureOf: typeof FailureOf): string {
  const budgets = Object.keys(job.budgets).length === 0 ? '' : ` ${JSON.stringify(job.budgets)}`;
  const open = `    <testcase${attributes({ name: `seed ${job.seed}${budgets}`, classname, time: secondsOf(line).toFixed(3) })}`;
  if (state === 'passed') return `${open}/>\n`;
  return `${open}>\n      ${outcomeOf(state, line, failureOf)}\n    </testcase>\n`;
}

function outcomeOf(state: JobResult['state'], line: JobResult['line'], failureOf: typeof FailureOf): string {
  if (state === 'pending' || line === null) return '<skipped message="not played"/>';
  if (line.outcome === 'infrastructure') return `<error${attributes({ type: line.code, message: line.message })}/>`;
  const message = line.success ? line.strict.join(', ') : (line.failure_reason ?? line.termination_reason);
  return `<failure${attributes({ type: failureOf(line), message })}>run ${escaped(line.run_id)}</failure>`;
}

function secondsOf(line: JobResult['line']): number {
  return line?.outcome === 'artifact' ? line.wall_clock_s : 0;
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

function escaped(text: string): string {
  return text
    .replaceAll(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\n\r\t]/g, (space) => `&#${space.charCodeAt(0)};`);
}
