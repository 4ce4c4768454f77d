// Small decisions about terminals that need no editor.

import { type ClaudeEnvironment, noProxySuffix } from '../core/claude-environment.ts';
import { customHeaders } from '../core/custom-headers.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { isSettled } from './present/status.ts';
import { noProxyVariables, type TerminalState } from './terminal-environment.ts';

/**
 * What a terminal with Claude Code needs beside its settings file.
 * @param injected all terminals get our variables anyway
 * @param headers appended to the user's own custom headers
 * @param env the editor's own environment
 */
export function launchVariables(
  injected: boolean,
  headers: string,
  env: Record<string, string | undefined>,
): Record<string, string> {
  if (injected) return {};
  const extended = noProxyVariables(env).map((name) => [name, noProxySuffix] as const);
  const all = headers === '' ? extended : [...extended, [customHeaders, headers] as const];
  return Object.fromEntries(all.map(([name, more]) => [name, (env[name] ?? '') + more]));
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
