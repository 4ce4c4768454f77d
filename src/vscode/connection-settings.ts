// How other programs are pointed at the router: blocks of variables to paste into a shell.

import { noProxySuffix } from '../core/claude-environment.ts';
import { t } from './translate.ts';

export type Client = 'claude-code' | 'openai' | 'gemini' | 'curl';

export interface ClientChoice {
  client: Client;
  label: string;
  description: string;
}

/** What can be copied, without the token. */
export function clientChoices(): ClientChoice[] {
  return [
    { client: 'claude-code', label: t('Claude Code'), description: t('environment variables') },
    {
      client: 'openai',
      label: t('OpenAI-style clients'),
      description: 'OPENAI_BASE_URL, OPENAI_API_KEY',
    },
    {
      client: 'gemini',
      label: t('Gemini CLI'),
      description: 'GOOGLE_GEMINI_BASE_URL, GEMINI_API_KEY',
    },
    { client: 'curl', label: 'curl', description: t('a test request') },
  ];
}

/**
 * The text to copy. It holds the client token.
 * @param claude the variables of terminals, for Claude Code
 * @param platform `win32` writes PowerShell, everything else POSIX shell
 */
export function connectionText(
  client: Client,
  port: number,
  token: string,
  claude: Record<string, string>,
  platform: string,
): string {
  const base = `http://127.0.0.1:${port}`;
  switch (client) {
    case 'claude-code':
      return assignments(claude, platform);
    case 'openai':
      return assignments({ OPENAI_BASE_URL: `${base}/v1`, OPENAI_API_KEY: token }, platform);
    case 'gemini':
      return assignments({ GOOGLE_GEMINI_BASE_URL: base, GEMINI_API_KEY: token }, platform);
    case 'curl':
      return curlRequest(base, token, platform);
  }
}

function assignments(variables: Record<string, string>, platform: string): string {
  const lines = Object.entries(variables).map(([name, value]) =>
    platform === 'win32' ? `$env:${name} = '${value}'` : `export ${name}='${value}'`,
  );
  return `${[...lines, ...withoutProxy(platform)].join('\n')}\n`;
}

/** Keeps the requests away from an HTTP proxy, as `noProxySuffix` does in our own terminals. */
function withoutProxy(platform: string): string[] {
  if (platform === 'win32') return [`$env:NO_PROXY = "$env:NO_PROXY${noProxySuffix}"`];
  // Programs read one spelling or the other.
  return [`export NO_PROXY="\${NO_PROXY:-$no_proxy}${noProxySuffix}"`, 'export no_proxy="$NO_PROXY"'];
}

function curlRequest(base: string, token: string, platform: string): string {
  const body = JSON.stringify({
    model: 'claude-switchyard/auto',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  const [program, next] = platform === 'win32' ? ['curl.exe', '`'] : ['curl', '\\'];
  // Windows PowerShell drops plain double quotes inside arguments of programs.
  const data = platform === 'win32' ? body.replaceAll('"', '\\"') : body;
  return [
    `${program} --noproxy 127.0.0.1 ${base}/v1/messages ${next}`,
    `  -H 'x-api-key: ${token}' -H 'content-type: application/json' -H 'anthropic-version: 2023-06-01' ${next}`,
    `  -d '${data}'\n`,
  ].join('\n');
}
