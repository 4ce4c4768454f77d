// The command line once it is known that this Node can run it. `serve` is here: arguments in, a running router, an exit
// code out; the others are in `commands.ts`.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from './core/clock.ts';
import { Redactor } from './core/redact.ts';
import { type Command, parseArguments, usage } from './node/arguments.ts';
import { homeFolder } from './node/home.ts';
import { LineWriter } from './node/line-writer.ts';
import { Router } from './node/router.ts';
import { version } from './node/version.ts';

/** Milliseconds that open answers get after SIGTERM or SIGINT. */
const grace = 2000;

/** Runs the command line; sets the exit code and returns when there is nothing more to do. */
export async function main(words: readonly string[]): Promise<void> {
  const command = parseArguments(words);
  if (command.kind === 'help') process.stdout.write(usage);
  else if (command.kind === 'version') process.stdout.write(`${version}\n`);
  else if (command.kind === 'mistake') {
    process.stderr.write(`switchyard: ${command.message} Try: switchyard --help\n`);
    process.exitCode = 64;
  } else if (command.kind === 'serve') await serve(command);
  else {
    const { runCommand } = await import('./commands.ts');
    await runCommand(command);
  }
}

async function serve(command: Extract<Command, { kind: 'serve' }>): Promise<void> {
  // A copy: each look into the real one is a call out of JavaScript.
  const env = { ...process.env };
  const home = homeFolder(env);
  const named = command.config ?? env.SWITCHYARD_CONFIG;
  const configFile = named ? resolve(named) : join(home, 'config.yaml');
  // A typing error must not end in the demo answering.
  if (named && !existsSync(configFile)) return fail(`There is no configuration file ${configFile}.`);
  const redactor = new Redactor();
  const lines = new LineWriter(process.stderr, systemClock);
  const log = (level: string, message: string): void =>
    lines.write(`${new Date().toISOString()} ${level} ${message}`);
  let token = '';
  let router: Router;
  try {
    router = new Router(
      {
        version,
        home,
        configFile,
        env,
        secrets: {},
        headless: true,
        ...(command.port === undefined ? {} : { port: command.port }),
        ...(env.SWITCHYARD_TOKEN ? { token: env.SWITCHYARD_TOKEN } : {}),
      },
      {
        token: (value) => {
          token = value;
          redactor.setSecrets('token', [value]);
        },
        log: (level, message) => {
          if (level !== 'debug' || env.SWITCHYARD_DEBUG) log(level, message);
        },
      },
    );
  } catch (error) {
    return fail(`${home} cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }

  let stopping = false;
  const stop = async (code: number): Promise<void> => {
    // Asked twice: at once.
    if (stopping) process.exit(code);
    stopping = true;
    await router.stop(grace);
    process.exit(code);
  };
  process.on('exit', () => lines.flush());
  process.on('SIGTERM', () => void stop(0));
  process.on('SIGINT', () => void stop(0));
  // Nobody reads our output any more: go on serving.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  process.on('unhandledRejection', (error) => log('error', redactor.text(`Unhandled: ${stackOf(error)}`)));
  process.on('uncaughtException', (error) => {
    log('error', redactor.text(`Uncaught: ${stackOf(error)}`));
    void stop(1);
  });

  const claim = await router.start();
  if (claim.kind !== 'leader') {
    await router.stop(0);
    return fail(
      claim.kind === 'blocked' ? `${claim.reason} Choose another one with --port.` : 'The port is taken.',
    );
  }
  const url = `http://127.0.0.1:${claim.port}`;
  if (command.json) process.stdout.write(`${JSON.stringify({ url, token, port: claim.port, version })}\n`);
  else process.stdout.write(`Switchyard ${version} listens at ${url}\n`);
}

function fail(message: string): void {
  process.stderr.write(`switchyard: ${message}\n`);
  process.exitCode = 1;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
