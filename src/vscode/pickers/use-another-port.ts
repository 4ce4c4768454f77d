import * as vscode from 'vscode';
import { firstFreePort, firstPort } from '../../node/free-port.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { askText } from './inputs.ts';

/** Asks for a port, the next free one proposed, and writes it into the config file. */
export async function useAnotherPort(shell: Shell): Promise<void> {
  const taken = shell.snapshot?.takenPort ?? shell.snapshot?.port;
  const proposed = await firstFreePort((taken ?? firstPort - 1) + 1);
  const answer = await askText({
    title: t('Use Another Port'),
    prompt: t('The port on this machine where clients reach the router. Open terminals keep the old one.'),
    value: proposed === undefined ? '' : String(proposed),
    check: portProblem,
  });
  if (answer === undefined || answer === 'back') return;
  const port = Number(answer.value);
  if (!(await shell.editConfig(() => [{ path: ['server', 'port'], value: port }]))) return;
  vscode.window.setStatusBarMessage(`$(check) ${t('Port {0}', String(port))}`, 4000);
}

/** What is wrong with a typed port, in one sentence. */
export function portProblem(text: string): string | undefined {
  const port = Number(text);
  return /^\d+$/.test(text) && port >= 1024 && port <= 65_535
    ? undefined
    : t('A port is a whole number from 1024 to 65535.');
}
