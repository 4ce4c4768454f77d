/**
 * A command line for a shell to which it is typed.
 * @param shell the shell's type as the editor names it (`bash`, `pwsh`, `cmd`, …), '' when unknown
 */
export function commandLine(program: string, args: string[], shell: string, platform: string): string {
  const kind = shell === '' ? (platform === 'win32' ? 'pwsh' : 'sh') : shell;
  if (kind === 'cmd') return [program, ...args].map(quoteForCmd).join(' ');
  if (kind === 'pwsh' || kind === 'powershell') {
    const quoted = [program, ...args].map((word) => quote(word, "''"));
    // A quoted first word would only be printed; the ampersand runs it.
    return quoted[0] === program ? quoted.join(' ') : `& ${quoted.join(' ')}`;
  }
  return [program, ...args].map((word) => quote(word, `'\\''`)).join(' ');
}

function quote(word: string, apostrophe: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", apostrophe)}'`;
}

function quoteForCmd(word: string): string {
  return /^[\w@+=:,./\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '""')}"`;
}
