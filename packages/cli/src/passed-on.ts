/** An option for a next command, with a space before it; nothing when it was not given. */
export function passedOn(option: string, value: string | undefined): string {
  return value === undefined ? '' : ` --${option} ${quoted(value)}`;
}

/** A word as a shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
