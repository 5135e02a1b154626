import { release } from 'node:os';

/** What one process may use at most; it hands the limits on to all that it starts. */
export interface ProcessLimits {
  openFiles: number;
  /** Of one file. */
  fileBytes: number;
  /** Of private memory that can be written to. */
  dataBytes: number;
}

/** What a worker process, and each program below it, may use. */
export const PROCESS_LIMITS: ProcessLimits = {
  openFiles: 256,
  fileBytes: 64 * 1024 * 1024,
  // Node 24 reserves more than one GiB for the code of a program with threads, and ends without it.
  dataBytes: 2 * 1024 * 1024 * 1024,
};
/** Processes and threads of a program that may start others. */
const PROCESSES = 128;

/** The shell counts file sizes in blocks and memory in KiB. */
const BLOCK_BYTES = 512;
const KIB = 1024;

/**
 * A command that sets the limits, joins the groups of `joinFiles` and becomes the program: put it before the program's
 * path. Where a harder limit is set already, that one stays.
 */
export function withLimits(
  { openFiles, fileBytes, dataBytes }: ProcessLimits,
  joinFiles: readonly string[],
): [string, ...string[]] {
  const limits = [
    'ulimit -c 0',
    `ulimit -n ${openFiles}`,
    `ulimit -f ${Math.floor(fileBytes / BLOCK_BYTES)}`,
    `ulimit -d ${Math.floor(dataBytes / KIB)}`,
  ].map((limit) => `${limit} 2>/dev/null;`);
  return ['/bin/sh', '-c', `${limits.join(' ')} ${joinText(joinFiles)} && exec "$0" "$@"`];
}

/** Shell text by which the shell joins groups. */
export function joinText(joinFiles: readonly string[]): string {
  return ['true', ...joinFiles.map((file) => `echo $$ >'${file.replaceAll("'", `'\\''`)}'`)].join(' && ');
}

/**
 * Shell text that limits the processes of a user namespace, ending in `;`. Before Linux 5.14 the count is over all of the
 * user's processes on the machine, so nothing is set there. The option's letter differs between shells.
 */
export function limitProcesses(kernel: string = release()): string {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  if (major < 5 || (major === 5 && minor < 14)) return '';
  return `(ulimit -u) >/dev/null 2>&1 && ulimit -u ${PROCESSES} || ulimit -p ${PROCESSES} 2>/dev/null;`;
}
