import type { Artifact } from '@tracecore/spec';
import { createRunner, type RunnerOptions } from './create-runner.js';
import type { EpisodeRequest, OnEntry } from './types.js';

/**
 * Plays one episode in a worker process that is started for it and ended after it. For more than a few, make a runner
 * with `createRunner`, whose workers are used again.
 * @param onEntry called with each trace entry as soon as it is written.
 * @returns the sealed artifact, however the episode ended.
 * @throws {RunnerError} when no episode could begin.
 */
export async function runEpisode(
  request: EpisodeRequest,
  options: RunnerOptions,
  onEntry?: OnEntry,
): Promise<Artifact> {
  const runner = createRunner({ quickStart: true, ...options });
  try {
    return await runner.run(request, onEntry);
  } finally {
    await runner.close();
  }
}
