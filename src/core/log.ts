// One line per event; the shell writes it to a LogOutputChannel, the command line to stderr.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Takes finished lines. Callers never pass secrets; sinks redact known ones all the same (see `redact.ts`). */
export type Log = (level: LogLevel, message: string) => void;

export const silentLog: Log = () => {};
