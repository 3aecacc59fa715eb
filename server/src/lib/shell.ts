/** Environment files in shell form: one `NAME=value` a line, `export` before it or not. */

/** Quotes a word for a POSIX shell where it needs quotes. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Reads what `shellWord` wrote; a line of another form is passed over. */
export function readVariables(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, word] = /^(?:export )?(\w+)=(.*)$/.exec(line.trim()) ?? [];
    if (name !== undefined && word !== undefined) variables.set(name, wordOf(word));
  }
  return variables;
}

function wordOf(word: string): string {
  return word.replace(/'([^']*)'|\\(.)/g, "$1$2");
}
