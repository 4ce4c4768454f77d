// The doctor looks at what leads Claude Code past the router: its settings files, and variables of this shell.
import { claudeSettingsFiles, isLocal, redirectsIn } from '../claude-settings-files.ts';
import type { Finding, Patient } from './finding.ts';

/** `env` in a settings file wins over the terminal, unless the terminal says that its host manages the provider. */
export function checkClaudeSettings({
  console,
  router,
}: Pick<Patient, 'console'> & { router: { port: number } | undefined }): Finding[] {
  const files = claudeSettingsFiles(console.userHome, console.folder, console.env);
  const findings = files.flatMap((file): Finding[] => {
    const found = redirectsIn(file, router?.port);
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
