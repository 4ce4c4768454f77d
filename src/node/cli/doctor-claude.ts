// The doctor looks at what leads Claude Code past the router: its settings files, and variables of this shell.
import { join } from 'node:path';
import { isObject, parseJson } from '../../core/json/values.ts';
import { readIfPresent } from '../private-files.ts';
import type { Finding, Patient } from './doctor.ts';

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

/** `env` in a settings file wins over the terminal, unless the terminal says that its host manages the provider. */
export function checkClaudeSettings({ console, router }: Patient): Finding[] {
  const files = [
    join(console.userHome, '.claude', 'settings.json'),
    join(console.folder, '.claude', 'settings.json'),
    join(console.folder, '.claude', 'settings.local.json'),
  ];
  const findings = [...new Set(files)].flatMap((file): Finding[] => {
    const settings = settingsOf(file);
    const env = isObject(settings?.env) ? settings.env : {};
    const names = redirecting.filter(
      (name) => env[name] !== undefined && !isOurs(name, env[name], router?.port),
    );
    const helper = settings?.apiKeyHelper === undefined ? [] : ['apiKeyHelper'];
    const found = [...names, ...helper];
    if (found.length === 0) return [];
    return [
      {
        level: 'warning',
        subject: 'Claude Code',
        message: `${file} sets ${found.join(', ')}, which win over the variables of a terminal`,
        fix: 'Remove them there, or start Claude Code by "Switchyard: Open Claude Code", where they do not count.',
      },
    ];
  });
  return findings.length > 0
    ? findings
    : [{ level: 'ok', subject: 'Claude Code', message: 'no settings file leads it elsewhere' }];
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

function isLocal(host: string): boolean {
  return host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
}

/** A proxy that also gets requests to this machine, and credentials that go beside the router's. */
export function checkEnvironment({ console: { env }, router }: Patient): Finding[] {
  const findings: Finding[] = [];
  const proxy = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'].find((name) => env[name]);
  const excluded = (env.no_proxy || env.NO_PROXY || '').split(/[\s,]+/);
  if (
    proxy !== undefined &&
    !excluded.some((entry) => entry === '*' || entry === '127.0.0.1' || entry === '127.0.0.0/8')
  )
    findings.push({
      level: 'warning',
      subject: 'proxy',
      message: `${proxy} is set, and NO_PROXY does not exclude this machine: clients send their requests to the proxy`,
      fix: 'Set NO_PROXY=127.0.0.1,localhost (terminals of the editor have it).',
    });
  const base = env.ANTHROPIC_BASE_URL ? URL.parse(env.ANTHROPIC_BASE_URL) : null;
  if (base !== null && router !== undefined && !(isLocal(base.hostname) && base.port === String(router.port)))
    findings.push({
      level: 'warning',
      subject: 'terminal',
      message: `ANTHROPIC_BASE_URL leads to ${base.host}, not to the router`,
      fix: `Set ANTHROPIC_BASE_URL=http://127.0.0.1:${router.port}, or open a new terminal in the editor.`,
    });
  if (env.ANTHROPIC_API_KEY && env.ANTHROPIC_AUTH_TOKEN)
    findings.push({
      level: 'warning',
      subject: 'terminal',
      message:
        'ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN are both set; Claude Code warns of it and asks which one counts',
      fix: 'Unset ANTHROPIC_API_KEY.',
    });
  return findings.length > 0
    ? findings
    : [{ level: 'ok', subject: 'terminal', message: 'no variable is in the way' }];
}
