// The command line's grammar.
import { parseArgs } from 'node:util';

export type Command =
  | { kind: 'serve'; config?: string; port?: number; json: boolean }
  | { kind: 'help' }
  | { kind: 'version' }
  /** One sentence. */
  | { kind: 'mistake'; message: string };

export const usage = `Usage: switchyard serve [--config FILE] [--port N] [--json]
       switchyard --version | --help

serve            run the router without an editor, on 127.0.0.1 and ::1 only
  --config FILE  configuration; default: SWITCHYARD_CONFIG, else config.yaml in SWITCHYARD_HOME (~/.switchyard)
  --port N       0 = any free port; default: server.port of the configuration, the port used before, or the first
                 free one from 3456 up
  --json         one line {"url","token","port","version"} on standard output once it listens

Environment:
  SWITCHYARD_TOKEN          token that clients must send; default: the one in SWITCHYARD_HOME/token
  SWITCHYARD_SECRET_<NAME>  value of the key reference secret:NAME (upper case, other characters become _)
  SWITCHYARD_DEBUG          any value: debug lines in the log, which goes to standard error
`;

/** Reads the words after the program's name. Never throws. */
export function parseArguments(words: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/);
    return { kind: 'mistake', message: `${sentence.replace(/\.$/, '')}.` };
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [command, ...rest] = positionals;
  if (command === undefined)
    return { kind: 'mistake', message: 'What should be done? There is only "serve".' };
  if (command !== 'serve') return { kind: 'mistake', message: `There is no command "${command}".` };
  if (rest.length > 0) return { kind: 'mistake', message: `"${rest[0]}" is one word too many.` };
  if (values.config === '') return { kind: 'mistake', message: '--config takes the path of a file.' };
  const port = values.port === undefined ? undefined : readPortNumber(values.port);
  if (Number.isNaN(port))
    return { kind: 'mistake', message: `--port takes a number from 0 to 65535, not "${values.port}".` };
  return {
    kind: 'serve',
    json: values.json ?? false,
    ...(values.config === undefined ? {} : { config: values.config }),
    ...(port === undefined ? {} : { port }),
  };
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      port: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
}

/** NaN when it is no port. */
function readPortNumber(text: string): number {
  return /^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : Number.NaN;
}
