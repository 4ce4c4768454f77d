// Claude Code's own settings files: what in them leads it past the router, and how that is taken out again.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claudeVariables } from '../core/claude-environment.ts';
import { applyEdit } from '../core/config/edit/apply-edit.ts';
import { isObject, parseJson } from '../core/json/values.ts';
import { realFile } from './config/edit-config.ts';
import { replaceFile } from './config/replace-file.ts';
import { readIfPresent } from './private-files.ts';

/** Variables that say where Claude Code's requests go, with what credential and as which model. */
const redirecting = [
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_MODEL',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
];

/** A program in the settings that prints a credential. */
const helper = 'apiKeyHelper';

/** The user's file and, with a folder, the project's two. */
export function claudeSettingsFiles(
  userHome: string,
  folder: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  const own = join(env.CLAUDE_CONFIG_DIR || join(userHome, '.claude'), 'settings.json');
  const names = folder === undefined ? [] : ['settings.json', 'settings.local.json'];
  return [...new Set([own, ...names.map((name) => join(folder ?? '', '.claude', name))])];
}

/**
 * Names in a settings file that win over the variables of a terminal; `[]` when it is missing or can't be read.
 * @param port the router's: what leads to it leads nowhere else
 */
export function redirectsIn(file: string, port: number | undefined): string[] {
  const settings = settingsOf(file);
  const env = isObject(settings?.env) ? settings.env : {};
  const names = redirecting.filter((name) => env[name] !== undefined && !isOurs(name, env[name], port));
  return settings?.[helper] === undefined ? names : [...names, helper];
}

export interface Trace {
  file: string;
  /** A variable below `env`, or `apiKeyHelper`. */
  name: string;
  /** Left behind by a router on this machine: the file's address leads to a loopback port. */
  ofRouter: boolean;
}

/** Everything in the files that concerns where Claude Code's requests go. Values are not told: they hold tokens. */
export function findTraces(files: readonly string[]): Trace[] {
  const wanted = [...new Set([...redirecting, ...claudeVariables])];
  return files.flatMap((file) => {
    const settings = settingsOf(file);
    const env = isObject(settings?.env) ? settings.env : {};
    const url = URL.parse(String(env.ANTHROPIC_BASE_URL ?? ''));
    const local = url !== null && isLocal(url.hostname);
    const names = wanted.filter((name) => env[name] !== undefined);
    const found = names.map((name): Trace => ({ file, name, ofRouter: local }));
    return settings?.[helper] === undefined ? found : [...found, { file, name: helper, ofRouter: false }];
  });
}

/** A file as it was and as it is now, so that the change can be undone. */
export interface SettingsChange {
  file: string;
  before: string;
  after: string;
}

/** Takes names out of one file; all else in it stays as it is. Rejects when somebody else changes it meanwhile. */
export async function removeTraces(file: string, names: readonly string[]): Promise<SettingsChange> {
  const before = await readFile(file, 'utf8');
  let after = before;
  for (const name of names) {
    after = applyEdit(after, { path: name === helper ? [helper] : ['env', name], delete: true }, true);
  }
  const left = parseJson(after);
  if (isObject(left) && isObject(left.env) && Object.keys(left.env).length === 0)
    after = applyEdit(after, { path: ['env'], delete: true }, true);
  const change = { file, before, after };
  await write(file, before, after);
  return change;
}

/** Puts the file back. Rejects when it was changed since. */
export function undoChange({ file, before, after }: SettingsChange): Promise<void> {
  return write(file, after, before);
}

async function write(file: string, present: string, wanted: string): Promise<void> {
  const real = realFile(file);
  const unchanged = async () => (await readFile(real, 'utf8')) === present;
  if (!(await unchanged()) || !(await replaceFile(real, wanted, unchanged)))
    throw new Error(`${file} was changed by another program meanwhile.`);
}

function settingsOf(file: string): Record<string, unknown> | undefined {
  try {
    const settings = parseJson(readIfPresent(file) ?? '');
    return isObject(settings) ? settings : undefined;
  } catch {
    // No permission: then Claude Code can't read it either.
    return undefined;
  }
}

/** The address of this very router, and a token that may well be its own. */
function isOurs(name: string, value: unknown, port: number | undefined): boolean {
  if (name === 'ANTHROPIC_AUTH_TOKEN') return false;
  const url = name === 'ANTHROPIC_BASE_URL' ? URL.parse(String(value)) : null;
  return url !== null && port !== undefined && isLocal(url.hostname) && url.port === String(port);
}

/** As `URL.hostname` gives it. */
export function isLocal(host: string): boolean {
  return host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
}
