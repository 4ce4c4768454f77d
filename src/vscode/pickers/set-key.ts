// Set Key…: a new value for a key, another source for it, or one more key.
import { keyPlace } from '../../core/config/key-place.ts';
import type { KeyView, ProviderView } from '../../core/snapshot.ts';
import { checkKey, checkVariable } from '../add-provider/check-key.ts';
import { freeSecretName } from '../add-provider/plan.ts';
import { addKeyEdit, replaceKeyEdit } from '../edits.ts';
import { unitWords } from '../present/health.ts';
import { joined, type Subject } from '../present/row.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { askText, type Choice, pickOne } from './inputs.ts';
import { offerProvider, pickProvider } from './pick-provider.ts';
import { testConfigured } from './test-provider.ts';

type Place = { kind: 'present'; key: KeyView } | { kind: 'new' };

/** Asks for what `subject` does not tell. */
export async function setKey(shell: Shell, subject?: Subject): Promise<void> {
  const snapshot = shell.ready();
  if (snapshot === undefined) return;
  const title = t('Set Key');
  const wanted = subject !== undefined && 'provider' in subject ? subject.provider : undefined;
  if (snapshot.demo || snapshot.providers.length === 0) {
    return offerProvider(t('There is no provider yet that needs a key.'));
  }
  const provider =
    snapshot.providers.find((candidate) => candidate.name === wanted) ??
    (await pickProvider(title, snapshot, (candidate) => candidate.preset !== 'demo'));
  if (provider === undefined) return;
  const place = await whichKey(shell, title, provider, subject);
  if (place === undefined) return;
  const done =
    place.kind === 'new'
      ? await addKey(shell, title, provider)
      : await changeKey(shell, title, provider, place.key);
  if (done) await testConfigured(shell, provider.name);
}

async function whichKey(
  shell: Shell,
  title: string,
  provider: ProviderView,
  subject: Subject | undefined,
): Promise<Place | undefined> {
  if (subject?.kind === 'key') {
    const key = provider.keys.find((candidate) => candidate.name === subject.key);
    if (key !== undefined) return { kind: 'present', key };
  }
  const missing = provider.keys.filter((key) => !shell.hasKey(key.reference));
  const only = provider.keys.length === 1 ? missing[0] : undefined;
  if (only !== undefined) return { kind: 'present', key: only };
  if (provider.keys.length === 0) return { kind: 'new' };
  const choices = provider.keys.map(
    (key): Choice<Place> => ({
      label: key.name,
      description: joined(
        key.reference,
        shell.hasKey(key.reference) ? unitWords(key.health, Date.now()) : t('not set'),
      ),
      value: { kind: 'present', key },
    }),
  );
  choices.push({ label: t('Add another key'), description: provider.name, value: { kind: 'new' } });
  const answer = await pickOne(
    { title: `${title}: ${provider.name}`, placeholder: t('Which key?') },
    choices,
  );
  return answer === undefined || answer === 'back' ? undefined : answer.value;
}

async function changeKey(
  shell: Shell,
  title: string,
  provider: ProviderView,
  key: KeyView,
): Promise<boolean> {
  if (key.reference.startsWith('secret:')) {
    const value = await askValue(title, provider, key.name);
    const name = key.reference.slice('secret:'.length);
    return value !== undefined && shell.storeSecret(name, value, [keyPlace(provider.baseUrl)]);
  }
  // A key from the environment gets a value of the editor's, or another variable.
  const reference = await askReference(shell, title, provider);
  if (reference === undefined) return false;
  return shell.editConfig(async () => {
    const present = await shell.readConfig(['providers', provider.name, 'keys']);
    const edit = replaceKeyEdit(provider.name, key.reference, reference, present);
    if (edit === undefined) throw new Error(t('{0} has no key {1} there any more.', provider.name, key.name));
    return [edit];
  });
}

async function addKey(shell: Shell, title: string, provider: ProviderView): Promise<boolean> {
  const reference = await askReference(shell, title, provider);
  if (reference === undefined) return false;
  return shell.editConfig(async () => {
    const present = await shell.readConfig(['providers', provider.name, 'keys']);
    return [addKeyEdit(provider.name, reference, present)];
  });
}

/** Asks for the source of a key and stores a value that was entered. */
async function askReference(
  shell: Shell,
  title: string,
  provider: ProviderView,
): Promise<string | undefined> {
  const choices: Choice<'secret' | 'env'>[] = [
    { label: t('Enter a key'), description: t('kept in the editor’s secret storage'), value: 'secret' },
    { label: t('Use an environment variable'), value: 'env' },
  ];
  const source = await pickOne(
    { title: `${title}: ${provider.name}`, placeholder: t('How does the router get the key?') },
    choices,
  );
  if (source === undefined || source === 'back') return undefined;
  if (source.value === 'env') {
    const name = await askText({
      title: `${title}: ${provider.name}`,
      placeholder: 'PROVIDER_API_KEY',
      prompt: t('The variable’s name'),
      stay: true,
      check: checkVariable,
    });
    return name === undefined || name === 'back' ? undefined : `env:${name.value}`;
  }
  const secret = freeSecretName(provider.name, shell.snapshot);
  const value = await askValue(title, provider, secret);
  if (value === undefined || !(await shell.storeSecret(secret, value, [keyPlace(provider.baseUrl)])))
    return undefined;
  return `secret:${secret}`;
}

async function askValue(title: string, provider: ProviderView, name: string): Promise<string | undefined> {
  const answer = await askText({
    title: `${title}: ${provider.name}`,
    prompt: t(
      'The key {0}. Enter stores it and tests it at {1}.',
      name,
      URL.parse(provider.baseUrl)?.host ?? '',
    ),
    password: true,
    stay: true,
    check: checkKey,
  });
  return answer === undefined || answer === 'back' ? undefined : answer.value;
}
