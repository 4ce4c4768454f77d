// SWITCHYARD_HOME and the files in it.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface HomeFiles {
  /** The client token. */
  token: string;
  /** The secret of the control API. */
  control: string;
  /** The remembered port. */
  state: string;
  /** Cooldowns and their deadlines. */
  health: string;
}

/** The folder that every editor and command line of this user shares: `SWITCHYARD_HOME`, else `~/.switchyard`. */
export function homeFolder(env: Record<string, string | undefined>): string {
  const named = env.SWITCHYARD_HOME;
  return named ? resolve(named) : join(homedir(), '.switchyard');
}

/** Makes the folder (0700) if it is missing and names its files. */
export function openHome(home: string): HomeFiles {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  return {
    token: join(home, 'token'),
    control: join(home, 'control'),
    state: join(home, 'state.json'),
    health: join(home, 'health.json'),
  };
}
