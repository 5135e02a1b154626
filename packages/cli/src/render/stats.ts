import type { Figures } from '@tracecore/stats';
import type { AgentFigures, NamedComparison, StatsReport } from '../statistics/stats-report.js';
import type { Colors } from './color.js';
import { counted, shownEstimate, shownHash, shownP, shownPercent } from './figures.js';
import { printable } from './printable.js';
import { renderTable } from './table.js';

/** The figures of each agent, task by task, then of its tasks together, then comparisons. */
export function renderStats(report: StatsReport, colors: Colors): string {
  const { confidence, selection, agents, comparisons } = report;
  const notes = [
    `${counted(selection.episodes, 'episode')}; intervals at ${shownPercent(confidence)}`,
    ...(selection.repeats === 0
      ? []
      : [
          `${counted(selection.repeats, 'run')} repeated an episode with the same result and ${selection.repeats === 1 ? 'is' : 'are'} not counted again`,
        ]),
    ...(selection.infrastructure === null || selection.infrastructure === 0
      ? []
      : [`${counted(selection.infrastructure, 'job')} failed for the machinery's sake: no episode, not counted`]),
  ];
  return [
    notes.map((note) => `${colors.dim(note)}\n`).join(''),
    ...agents.map((agent) => renderAgent(agent, colors)),
    ...comparisons.map((comparison) => renderComparison(comparison, colors)),
  ].join('\n');
}

function renderAgent(figures: AgentFigures, colors: Colors): string {
  const { agent_ref, revisions, by_task, all } = figures;
  const rows = by_task.map(({ task, n, successes, rate }) => [
    printable(task),
    String(n),
    String(successes),
    shownEstimate(rate),
  ]);
  if (all.tasks > 1) {
    rows.push([`mean of ${all.tasks} tasks`, String(all.n), String(all.successes), shownEstimate(all.rate)]);
  }
  const mixed =
    revisions.length === 1
      ? ''
      : colors.yellow(
          `${counted(revisions.length, 'revision')} of its code are mixed here: ${revisions.map(revisionOf).join(', ')}; --agent takes one\n`,
        );
  const table = renderTable(['task', 'n', 'passed', 'rate'], rows);
  return `${colors.bold(printable(agent_ref))}\n${mixed}${table}${renderPasses(figures)}`;
}

function revisionOf({ agent_hash, episodes }: AgentFigures['revisions'][number]): string {
  return `${agent_hash === null ? 'unknown' : printable(shownHash(agent_hash))} (${episodes})`;
}

function renderPasses({ by_task, all }: Figures): string {
  const rows = by_task.flatMap(({ task, pass }) =>
    pass.map(({ k, pass_at_k, pass_hat_k }) => [
      printable(task),
      String(k),
      shownEstimate(pass_at_k),
      shownEstimate(pass_hat_k),
    ]),
  );
  if (all.tasks > 1) {
    for (const { k, short, pass_at_k, pass_hat_k } of all.pass) {
      const label = `mean of ${counted(pass_at_k.tasks, 'task')}${short === 0 ? '' : ` (${short} too short)`}`;
      rows.push([label, String(k), shownEstimate(pass_at_k), shownEstimate(pass_hat_k)]);
    }
  }
  return rows.length === 0 ? '' : `\n${renderTable(['task', 'k', 'pass@k', 'pass^k'], rows)}`;
}

/** Two sides, and how much more often B succeeds. */
function renderComparison({ a, b, paired, unpaired }: NamedComparison, colors: Colors): string {
  const sides = renderTable(
    ['', 'side', 'n', 'passed', 'rate'],
    [
      ['A', printable(a.name), String(a.n), String(a.successes), shownEstimate(a.rate)],
      ['B', printable(b.name), String(b.n), String(b.successes), shownEstimate(b.rate)],
    ],
  );
  const lines =
    paired === null
      ? [
          'no seed of a task is common, so the sides are compared as independent lots',
          ...(unpaired === null ? [] : [`B less A: ${shownEstimate(unpaired)}, n = ${a.n} and ${b.n}`]),
        ]
      : [
          `${counted(paired.n, 'pair')} of the same task and seed, ${counted(paired.tasks, 'task')}; ${paired.only_a} of A alone, ${paired.only_b} of B alone`,
          `B less A: ${shownEstimate(paired.difference)}, n = ${paired.n}; ${paired.gained} gained, ${paired.lost} lost`,
          `over ${paired.bootstrap.method === 'bootstrap-tasks' ? 'tasks' : 'seeds'}, bootstrap: ${shownEstimate(paired.bootstrap)}`,
          `McNemar, exact: p ${equals(paired.mcnemar.p)}, mid-p ${equals(paired.mcnemar.mid_p)}, n = ${paired.mcnemar.discordant} discordant`,
        ];
  return `${colors.bold('comparison')}\n${sides}${lines.map((line) => `${line}\n`).join('')}`;
}

function equals(p: number): string {
  const shown = shownP(p);
  return shown.startsWith('<') ? shown : `= ${shown}`;
}
