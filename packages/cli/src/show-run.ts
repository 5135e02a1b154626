import type { Played } from './bench.js';
import type { Deps } from './deps.js';
import { EXIT } from './error.js';
import { passedOn } from './passed-on.js';
import type { RunSettings } from './plan.js';
import { colorsFor } from './render/color.js';
import { isVerified, renderRun, renderStrict } from './render/run.js';
import { shownPath } from './workspace.js';

export interface ShownAs {
  settings: RunSettings;
  root: string | undefined;
  /** The task as it was asked for. */
  task: string;
  /** Whether to say what to type next; true when absent. */
  next?: boolean;
}

/** Prints a finished episode; the number is the exit code that goes with it. */
export function showRun(deps: Deps, played: Played, { settings, root, task, next = true }: ShownAs): number {
  const { io } = deps;
  const colors = colorsFor(io);
  const { artifact, strict } = played;
  if (settings.json) {
    io.stdout(`${JSON.stringify(artifact, null, 2)}\n`);
    if (strict !== null) io.stderr(renderStrict(strict, colorsFor({ ...io, isTTY: false })));
  } else {
    const file = shownPath(played.file, io.cwd);
    const nextOptions = {
      root: passedOn('root', root),
      task: passedOn('task', played.fromFolder ? task : undefined),
    };
    io.stdout(renderRun({ artifact, file, strict, nextOptions: next ? nextOptions : null }, colors));
  }
  return isVerified(played) ? EXIT.ok : EXIT.failed;
}
