// One line per event; the shell writes it to a LogOutputChannel, the command line to stderr.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Takes finished lines. Callers never pass secrets; sinks redact known ones all the same (see `redact.ts`). */
export type Log = (level: LogLevel, message: string) => void;

export const silentLog: Log = () => {};

/** The text without anything that could end its line or steer a terminal: messages of clients and providers may hold both. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    if (character === '\t') return ' ';
    return character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
