// The router that runs on this machine for this user, seen from the command line.
import { join, resolve } from 'node:path';
import { loadConfig } from '../../core/config/load.ts';
import type { RouterSnapshot } from '../../core/snapshot.ts';
import type { RouterChoice } from '../arguments.ts';
import { diskReader } from '../config/file-reader.ts';
import { callLeader, readLeader } from '../control-client.ts';
import type { RouterCall, RouterCalls } from '../host-link.ts';
import { readIfPresent } from '../private-files.ts';
import { readPort } from '../state-file.ts';
import type { Console } from './console.ts';

export interface RunningRouter {
  port: number;
  snapshot: RouterSnapshot;
  call<C extends RouterCall>(call: C, params: RouterCalls[C]['params']): Promise<RouterCalls[C]['result']>;
  /** What it shows now. */
  look(): Promise<RouterSnapshot>;
}

/** Absolute path of the configuration, when nobody runs who could name another one. */
export function configFileOf(choice: RouterChoice, console: Console): string {
  const named = choice.config ?? console.env.SWITCHYARD_CONFIG;
  return named ? resolve(console.folder, named) : join(console.home, 'config.yaml');
}

/** The router's configuration counts before the default one, but not before one that was named. */
export function configFileInForce(
  choice: RouterChoice,
  console: Console,
  router: RunningRouter | undefined,
): string {
  const named = choice.config ?? console.env.SWITCHYARD_CONFIG;
  return named || router === undefined ? configFileOf(choice, console) : router.snapshot.config.file;
}

/** The port at which the router is looked for: asked for, configured, remembered. */
export async function likelyPort(choice: RouterChoice, console: Console): Promise<number | undefined> {
  if (choice.port !== undefined) return choice.port;
  const file = configFileOf(choice, console);
  const { config } = await loadConfig({ file, reader: diskReader, env: console.env });
  return config?.server.port ?? readPort(join(console.home, 'state.json'));
}

/** Undefined when none runs, or when what holds the port is not this user's. */
export async function findRouter(choice: RouterChoice, console: Console): Promise<RunningRouter | undefined> {
  const secret = readIfPresent(join(console.home, 'control'))?.trim();
  const port = await likelyPort(choice, console);
  if (!secret || port === undefined || port === 0) return undefined;
  const look = (): Promise<RouterSnapshot> => readLeader(port, secret);
  const snapshot = await look().catch(() => undefined);
  if (snapshot === undefined) return undefined;
  return {
    port,
    snapshot,
    look,
    call: async (call, params) => (await callLeader(port, secret, call, params)) as never,
  };
}
