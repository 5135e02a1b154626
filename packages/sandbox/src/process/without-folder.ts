/**
 * Writes paths in a program's own folder as the program's author would: relative to it. The folder has another name on
 * every run or machine, and must not reach an artifact.
 * @param others paths that may lie below the folder and are not the program's own; they stay.
 */
export function withoutFolder(text: string, folder: string, others: readonly string[] = []): string {
  if (!text.includes(folder)) return text;
  const escaped = folder.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const found = new RegExp(`(file://|(?<![\\w./-]))(${escaped})([\\\\/]|(?![\\w-]))`, 'g');
  return text.replaceAll(found, (all, scheme: string, _folder, separator: string, offset: number) => {
    const path = text.slice(offset + scheme.length);
    if (others.some((other) => path.startsWith(other))) return all;
    return separator === '' ? '.' : '';
  });
}
