import { parseArtifact } from '@tracecore/spec';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, describeError, EXIT, isCoded } from '../error.js';
import { requireOneSource } from '../find-run.js';
import { locateRecord } from '../read-record.js';
import { colorsFor } from '../render/color.js';
import { renderInspect } from '../render/inspect.js';
import { findWorkspace } from '../workspace.js';

/** `inspect`: one recorded episode for a reader, of this workspace or from elsewhere. It shows what the file says; `verify` tells whether that is true. */
export async function inspect(deps: Deps, input: CommandInput): Promise<number> {
  requireOneSource('inspect', input);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const { path } = await locateRecord(deps, workspace, input.args[0] ?? input.text('run') ?? 'latest');
  const { readJsonFile } = await deps.load.artifact();
  const artifact = await readJsonFile(path)
    .then(({ value }) => parseArtifact(value))
    .catch((error: unknown) => {
      if (!isCoded(error) || error.code === 'FILE_NOT_FOUND') throw error;
      throw new CliError('CHECK_FAILED', describeError(error, false));
    });
  deps.io.stdout(
    input.has('json') ? `${JSON.stringify(artifact, null, 2)}\n` : renderInspect(artifact, colorsFor(deps.io)),
  );
  return EXIT.ok;
}
