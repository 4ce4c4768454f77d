// Typed access to the editor's settings, ours and the ones of others that concern us.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { ProxySettings } from '../node/host-link.ts';

const section = 'switchyard';

/** Give new terminals our variables. */
export function injectsEnvironment(): boolean {
  return vscode.workspace.getConfiguration(section).get('terminal.injectEnvironment', true);
}

/** The Claude Code program: a name on the PATH or a path. */
export function claudeProgram(): string {
  const name = vscode.workspace.getConfiguration(section).get('claudeCode.path', '').trim();
  return name === '' ? 'claude' : expandHome(name);
}

/** Absolute path of the config file: the variable SWITCHYARD_CONFIG, the setting, then the file in `home`. */
export function configFile(home: string): string {
  const named = process.env.SWITCHYARD_CONFIG?.trim();
  if (named) return resolve(expandHome(named));
  const set = vscode.workspace.getConfiguration(section).get('configFile', '').trim();
  return set === '' ? join(home, 'config.yaml') : resolve(home, expandHome(set));
}

/** The profile that terminals of this window use; '' for the one of the config file. */
export function windowProfile(): string {
  return vscode.workspace.getConfiguration(section).get('profile', '').trim();
}

/** VS Code applies these to its own thread only, so the router's thread gets them by hand. */
export function proxySettings(): ProxySettings {
  const http = vscode.workspace.getConfiguration('http');
  return {
    proxy: http.get('proxy', ''),
    noProxy: http.get<string[]>('noProxy', []),
    strictSsl: http.get('proxyStrictSSL', true),
  };
}

/** What changed, by who has to react to it. */
export function onSettingsChange(react: {
  configFile(): void;
  injectEnvironment(): void;
  profile(): void;
  proxy(): void;
}): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`${section}.configFile`)) react.configFile();
    if (change.affectsConfiguration(`${section}.terminal.injectEnvironment`)) react.injectEnvironment();
    if (change.affectsConfiguration(`${section}.profile`)) react.profile();
    const proxy = ['http.proxy', 'http.noProxy', 'http.proxyStrictSSL'];
    if (proxy.some((name) => change.affectsConfiguration(name))) react.proxy();
  });
}

function expandHome(path: string): string {
  return path === '~' || /^~[\\/]/.test(path) ? join(homedir(), path.slice(1)) : path;
}
