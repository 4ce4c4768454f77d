// The typed link between the shell (or any parent) and the router's thread: config location and secrets in,
// state, exchanges and log lines out, and a few calls with answers.

import type { StoredSecret } from '../core/config/stored-secret.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import type { LogLevel } from '../core/log.ts';
import type { ProbeTarget } from '../core/probe/probe.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';

export type { ProbeTarget } from '../core/probe/probe.ts';

/** The editor's proxy settings, which VS Code patches into its own thread only. */
export interface ProxySettings {
  /** `http.proxy`; '' = the environment's. */
  proxy: string;
  /** `http.noProxy`. */
  noProxy: string[];
  /** `http.proxyStrictSSL`. */
  strictSsl: boolean;
}

export interface RouterOptions {
  version: string;
  /** SWITCHYARD_HOME. */
  home: string;
  /** Absolute path of the config file. */
  configFile: string;
  /** Asked-for port; 0 = ephemeral; undefined = config, then `state.json`, then the first free one from 3456 up. */
  port?: number;
  /** Environment for `env:` and `${env:…}`. */
  env: Record<string, string | undefined>;
  /** By name. */
  secrets: Record<string, StoredSecret>;
  proxy?: ProxySettings;
}

/** Calls that the router's thread answers. Params and results are plain data. */
export interface RouterCalls {
  /** Models that a (not yet configured) provider offers. `key` is the value itself and stays in memory. */
  listModels: { params: ProbeTarget; result: { models: { id: string; context?: number }[] } };
  /** One tiny request with `model`. Rejects with the upstream's message. */
  testProvider: { params: ProbeTarget & { model: string }; result: { milliseconds: number; answer: string } };
  /** Same, for a configured provider, with each of its keys; clears the cooldowns of those that work. */
  testConfigured: {
    params: { provider: string };
    result: { key: string; ok: boolean; milliseconds: number; message: string }[];
  };
  clearCooldowns: { params: { provider?: string }; result: null };
  setPaused: { params: { paused: boolean }; result: null };
  /** Makes a new client token; the old one opens nothing from now on. Rejects where it was set by hand. */
  rotateToken: { params: Record<string, never>; result: null };
  /** Reads the config file again now (it is watched anyway). */
  reloadConfig: { params: Record<string, never>; result: null };
}
export type RouterCall = keyof RouterCalls;

export type ToRouter =
  /** `takeOver`: asks the router that has the port to give it up. */
  | { type: 'start'; options: RouterOptions; takeOver?: boolean }
  | { type: 'secrets'; values: Record<string, StoredSecret> }
  | { type: 'proxy'; settings: ProxySettings }
  | { type: 'call'; id: number; call: RouterCall; params: unknown }
  /** The window's user is gone, or back. */
  | { type: 'alone'; alone: boolean }
  /** `drain`: open answers run to their end. */
  | { type: 'stop'; drain?: boolean };

export type FromRouter =
  /** At most one every 100 ms, and at once on a change of phase. */
  | { type: 'snapshot'; snapshot: RouterSnapshot }
  /** The client token; sent before the first `listening` or `following` snapshot, and when there is a new one. */
  | { type: 'token'; token: string }
  | { type: 'exchange'; exchange: ExchangeRecord }
  /** The thread has heard that it shall end. */
  | { type: 'stopping' }
  | { type: 'log'; level: LogLevel; message: string }
  | { type: 'result'; id: number; ok: true; value: unknown }
  | { type: 'result'; id: number; ok: false; message: string };
