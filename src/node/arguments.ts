// The command line's grammar.
import { parseArgs } from 'node:util';
import { type RouteName, routeNames } from '../core/config/route-names.ts';

/** Which configuration and which router a command is about. */
export interface RouterChoice {
  /** As written; default: SWITCHYARD_CONFIG, the one of the running router, or the one in SWITCHYARD_HOME. */
  config?: string;
  /** Of the running router; default: the port that is remembered or configured. */
  port?: number;
}

export type Command =
  | ({ kind: 'serve'; json: boolean } & RouterChoice)
  | ({ kind: 'routes' | 'status'; json: boolean } & RouterChoice)
  | ({
      kind: 'use';
      json: boolean;
      routes: { route: RouteName; target: string }[];
      profile?: string;
    } & RouterChoice)
  | ({ kind: 'check'; json: boolean; file?: string } & RouterChoice)
  | ({ kind: 'import'; file: string; write: boolean } & RouterChoice)
  | ({ kind: 'doctor'; json: boolean; probe: boolean } & RouterChoice)
  | { kind: 'help' }
  | { kind: 'version' }
  /** One sentence. */
  | { kind: 'mistake'; message: string };

export const usage = `Usage: switchyard COMMAND [OPTIONS]
       switchyard --version | --help

serve            run the router without an editor, on 127.0.0.1 and ::1 only
  --json         one line {"url","token","port","version"} on standard output once it listens
routes           which target serves which kind of request
status           the running router: address, configuration, providers, keys; exit code 3 when none runs
use ROUTE=TARGET…
                 lead routes elsewhere, e.g. "use default=deepseek/deepseek-v4-pro think=opus"; "think=" lets that route
                 fall to the default one, "profile=NAME" puts a profile in force ("profile=none": none)
check [FILE]     problems of a configuration, one a line: FILE:LINE:COLUMN PATH: MESSAGE; exit code 1 when there are errors
import FILE      turn a config.json of claude-code-router or a config.yaml of LiteLLM into Switchyard's own format
  --write        into the configuration; without it, the text goes to standard output
doctor           look for what keeps clients from being served, with a remedy for each finding
  --probe        also send one tiny request with each key of each provider

For all:
  --config FILE  configuration; default: SWITCHYARD_CONFIG, else the running router's, else config.yaml in
                 SWITCHYARD_HOME (~/.switchyard). Files of claude-code-router and LiteLLM run as they are.
  --port N       port of the router; for "serve" 0 = any free one. Default: server.port of the configuration, the port
                 used before, or the first free one from 3456 up
  --json         for scripts: routes, status, use, check, doctor

Environment:
  SWITCHYARD_TOKEN          token that clients must send; default: the one in SWITCHYARD_HOME/token
  SWITCHYARD_SECRET_<NAME>  value of the key reference secret:NAME (upper case, other characters become _)
  SWITCHYARD_DEBUG          any value: debug lines in the log, which goes to standard error
`;

const commands = ['serve', 'routes', 'status', 'use', 'check', 'import', 'doctor'] as const;
type Name = (typeof commands)[number];

/** Options beside `--config` and `--port`, which all take. */
const ownOptions: Readonly<Record<Name, readonly string[]>> = {
  serve: ['json'],
  routes: ['json'],
  status: ['json'],
  use: ['json'],
  check: ['json'],
  import: ['write'],
  doctor: ['json', 'probe'],
};

/** Reads the words after the program's name. Never throws. */
export function parseArguments(words: readonly string[]): Command {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(words);
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/);
    return mistake(`${sentence.replace(/\.$/, '')}.`);
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [command, ...rest] = positionals;
  if (command === undefined) return mistake(`What should be done? There are ${commands.join(', ')}.`);
  const kind = commands.find((name) => name === command);
  if (kind === undefined) return mistake(`There is no command "${command}".`);
  for (const option of ['json', 'write', 'probe'] as const)
    if (values[option] && !ownOptions[kind].includes(option))
      return mistake(`"${kind}" takes no --${option}.`);
  if (values.config === '') return mistake('--config takes the path of a file.');
  const port = values.port === undefined ? undefined : readPortNumber(values.port);
  if (Number.isNaN(port)) return mistake(`--port takes a number from 0 to 65535, not "${values.port}".`);
  const choice: RouterChoice = {
    ...(values.config === undefined ? {} : { config: values.config }),
    ...(port === undefined ? {} : { port }),
  };
  const flags = { json: values.json ?? false, write: values.write ?? false, probe: values.probe ?? false };
  return withWords(kind, rest, flags, choice);
}

function withWords(
  kind: Name,
  words: readonly string[],
  { json, write, probe }: { json: boolean; write: boolean; probe: boolean },
  choice: RouterChoice,
): Command {
  if (kind === 'use') return readUse(words, json, choice);
  const most = kind === 'check' || kind === 'import' ? 1 : 0;
  const extra = words[most];
  if (extra !== undefined) return mistake(`"${extra}" is one word too many.`);
  const [file] = words;
  if (file === '') return mistake(`"${kind}" takes the path of a file.`);
  if (kind === 'check') return { kind, json, ...choice, ...(file === undefined ? {} : { file }) };
  if (kind === 'doctor') return { kind, json, probe, ...choice };
  if (kind !== 'import') return { kind, json, ...choice };
  return file === undefined ? mistake('Import which file?') : { kind, file, write, ...choice };
}

/** `default=a/b think= profile=cheap` */
function readUse(words: readonly string[], json: boolean, choice: RouterChoice): Command {
  const routes: { route: RouteName; target: string }[] = [];
  let profile: string | undefined;
  for (const word of words) {
    const cut = word.indexOf('=');
    const name = word.slice(0, Math.max(cut, 0)).trim();
    const target = word.slice(cut + 1).trim();
    const route = routeNames.find((known) => known === name);
    if (cut < 1) return mistake(`"${word}" is not ROUTE=TARGET.`);
    if (name === 'profile') profile = target === '' ? 'none' : target;
    else if (route === undefined)
      return mistake(`There is no route "${name}"; there are ${routeNames.join(', ')}, and profile.`);
    else if (target === '' && route === 'default') return mistake('The default route needs a target.');
    else routes.push({ route, target });
  }
  if (words.length === 0) return mistake('Use what? For example: switchyard use default=provider/model.');
  return { kind: 'use', json, routes, ...(profile === undefined ? {} : { profile }), ...choice };
}

function mistake(message: string): Command {
  return { kind: 'mistake', message };
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      port: { type: 'string' },
      json: { type: 'boolean' },
      write: { type: 'boolean' },
      probe: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
}

/** NaN when it is no port. */
function readPortNumber(text: string): number {
  return /^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : Number.NaN;
}
