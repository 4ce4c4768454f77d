// Set Client Token…: the value behind `clients[].token`, made here or typed in.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ClientView } from '../../core/snapshot.ts';
import { checkKey } from '../add-provider/check-key.ts';
import { joined } from '../present/row.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { askText, type Choice, pickOne } from './inputs.ts';

const secretPrefix = 'secret:';
/** As long as the main token. */
const tokenBytes = 32;

export async function setClientToken(shell: Shell): Promise<void> {
  const snapshot = shell.ready();
  if (snapshot === undefined) return;
  const title = t('Set Client Token');
  const clients = (snapshot.routing?.clients ?? []).filter(({ reference }) =>
    reference.startsWith(secretPrefix),
  );
  if (clients.length === 0) return offerConfig();
  const client = await pickOne(
    { title, placeholder: t('Whose token?') },
    clients.map(clientChoice),
    clients.find(({ ready }) => !ready),
  );
  if (client === undefined || client === 'back') return;
  const { name, reference } = client.value;
  const source = await pickOne({ title: `${title}: ${name}` }, [
    { label: t('Create a token and copy it'), value: 'create' },
    { label: t('Enter a token'), value: 'enter' },
  ]);
  if (source === undefined || source === 'back') return;
  const token = source.value === 'create' ? createToken() : await askToken(`${title}: ${name}`);
  if (token === undefined) return;
  // It is compared here and never sent anywhere.
  if (!(await shell.storeSecret(reference.slice(secretPrefix.length), token, []))) return;
  if (source.value !== 'create') return;
  await vscode.env.clipboard.writeText(token);
  void vscode.window.showInformationMessage(t('The token of {0} is in the clipboard and in force.', name));
}

function clientChoice(client: ClientView): Choice<ClientView> {
  return {
    label: client.name,
    description: joined(client.reference, client.ready ? undefined : t('not set')),
    value: client,
  };
}

function createToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

async function askToken(title: string): Promise<string | undefined> {
  const answer = await askText({
    title,
    prompt: t('The token that the client sends. The editor keeps it.'),
    password: true,
    stay: true,
    check: checkKey,
  });
  return answer === undefined || answer === 'back' ? undefined : answer.value;
}

async function offerConfig(): Promise<void> {
  const open = t('Open Config');
  const message = t(
    'The config file names no clients with a token of their own yet. They stand in it under “clients”.',
  );
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  await vscode.commands.executeCommand('switchyard.openConfig');
}
