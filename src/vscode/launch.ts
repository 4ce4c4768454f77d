// Small decisions about terminals that need no editor.

import { type ClaudeEnvironment, noProxySuffix } from '../core/claude-environment.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { isSettled } from './present/status.ts';
import { noProxyVariables, type TerminalState } from './terminal-environment.ts';

/**
 * What a terminal with Claude Code needs beside its settings file.
 * @param injected all terminals get our variables anyway
 * @param env the editor's own environment
 */
export function launchVariables(
  injected: boolean,
  env: Record<string, string | undefined>,
): Record<string, string> {
  if (injected) return {};
  return Object.fromEntries(noProxyVariables(env).map((name) => [name, (env[name] ?? '') + noProxySuffix]));
}

/** What `TerminalEnvironment` has to know of the router. */
export function terminalState(
  snapshot: RouterSnapshot,
  environment: ClaudeEnvironment | undefined,
  injects: boolean,
): TerminalState {
  const serving = snapshot.phase === 'listening' || snapshot.phase === 'following';
  return {
    environment,
    wanted: injects && !snapshot.paused,
    routesKnown: serving && isSettled(snapshot) && snapshot.config.state !== 'broken',
    demo: snapshot.demo,
  };
}
