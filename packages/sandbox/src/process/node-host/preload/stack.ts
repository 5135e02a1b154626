/** What frames of the program are called in a stack, as in an isolate. */
export const PROGRAM_FILE = 'program.js';

/**
 * Has stacks show the program's own frames alone: those of Node differ from version to version, and where files lie
 * from machine to machine.
 * @param file the name of the program's file, without its folder.
 */
export function replaceStack(file: string): void {
  const isOwn = (name: string | null | undefined) => name?.slice(-file.length - 1).replace('\\', '/') === `/${file}`;
  Error.prepareStackTrace = (error, sites) => {
    const own = sites.filter((site) => isOwn(site.getFileName()));
    return [headOf(error), ...own.map(lineOf)].join('\n');
  };
}

function lineOf(site: NodeJS.CallSite): string {
  const place = `${PROGRAM_FILE}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  const name = site.getFunctionName();
  return `    at ${name ? `${name} (${place})` : place}`;
}

function headOf(error: unknown): string {
  try {
    return Reflect.apply(Error.prototype.toString, error, []);
  } catch {
    return 'Error';
  }
}
