import type { Artifact, BudgetRequest, Json } from '@tracecore/spec';
import { limitsFrom } from '../episode/limits.js';
import type { EpisodeRequest } from '../types.js';
import { originOf } from './fork-origin.js';

/** What an episode was given beside its agent and its task. */
export type EpisodeInputs = Pick<EpisodeRequest, 'seed' | 'tools' | 'configMeta' | 'limits' | 'fork'> & {
  budgets: BudgetRequest;
};

/**
 * The inputs that `artifact` records, to play its episode again. Limits that are absent, or more than this machine takes
 * from a stranger, are left to their defaults; `compareReplay` says so.
 * @throws {RunnerError} FORK_POINT_INVALID
 */
export function inputsOf(artifact: Artifact): EpisodeInputs {
  const { seed, tools, episode_config_meta: configMeta } = artifact;
  const { steps, tool_calls, wall_clock_seconds = null } = artifact.budgets;
  const limits = limitsFrom(artifact.limits);
  const fork = originOf(artifact);
  return {
    seed,
    budgets: { steps, tool_calls, wall_clock_seconds },
    ...(limits === null ? {} : { limits }),
    ...(isTexts(tools) ? { tools } : {}),
    ...(configMeta === undefined ? {} : { configMeta: configMeta as Json }),
    ...(fork === null ? {} : { fork }),
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
