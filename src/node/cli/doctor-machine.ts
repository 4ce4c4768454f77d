// The doctor looks at the router's port and at the files that hold secrets.
import { join } from 'node:path';
import { identify } from '../control-client.ts';
import { looseFiles } from '../loose-files.ts';
import { findPortOwner } from '../port-owner.ts';
import { readIfPresent } from '../private-files.ts';
import type { Finding, Patient } from './finding.ts';
import { likelyPort } from './running-router.ts';

export async function checkRouter({ console, router, port: asked }: Patient): Promise<Finding[]> {
  const subject = 'router';
  if (router !== undefined) {
    const { paused, version } = router.snapshot;
    const message = `version ${version} answers at http://127.0.0.1:${router.port}`;
    if (!paused) return [{ level: 'ok', subject, message }];
    return [
      {
        level: 'warning',
        subject,
        message: `${message}, but is paused`,
        fix: 'Resume it in the editor (Switchyard: Resume Router).',
      },
    ];
  }
  const port = await likelyPort({ ...(asked !== undefined && { port: asked }) }, console);
  const notRunning: Finding = {
    level: 'error',
    subject,
    message: 'no router runs',
    fix: 'Start one: switchyard serve, or open VS Code with Switchyard.',
  };
  if (port === undefined) return [notRunning];
  const secret = readIfPresent(join(console.home, 'control'))?.trim() ?? '';
  const holder = await identify(port, secret);
  const owner = findPortOwner(port);
  const taken = holder.kind === 'stranger' && (holder.product !== undefined || owner !== undefined);
  if (!taken) return [notRunning];
  const who = holder.product ?? owner?.name ?? 'another program';
  return [
    {
      level: 'error',
      subject,
      message: `port ${port} is used by ${who}${owner === undefined ? '' : ` (process ${owner.pid})`}`,
      fix: 'End that program, or set another port: server.port in the configuration.',
    },
  ];
}

/** Whoever can read these can use, or command, the router. */
export function checkFiles({ console }: Patient): Finding[] {
  const findings = looseFiles(console.home).map(
    ({ file, mode, folder }): Finding => ({
      level: 'error',
      subject: 'files',
      message: folder
        ? `others can write into ${file}`
        : `${file} can be read by others (mode ${mode.toString(8)})`,
      fix: `Run: chmod ${folder ? '700' : '600'} ${file}`,
    }),
  );
  if (findings.length > 0 || process.platform === 'win32') return findings;
  return [{ level: 'ok', subject: 'files', message: 'nobody else can read the token' }];
}
