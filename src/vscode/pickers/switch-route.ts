// Switch Route…: route → target, written into the config file at once.

import { inheritEdit, routeEdit, routePath } from '../../core/config/edit/route-edits.ts';
import { type RouteName, routeNames } from '../../core/config/route-names.ts';
import type { RouterSnapshot } from '../../core/snapshot.ts';
import { healthWords, unitWords } from '../present/health.ts';
import { routeLabel, routeMeaning } from '../present/route-names.ts';
import { joined } from '../present/row.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { type Choice, pickOne, separator } from './inputs.ts';
import { offerProvider } from './pick-provider.ts';

/** Asks for what is not given and switches. */
export async function switchRoute(shell: Shell, known?: RouteName): Promise<void> {
  const snapshot = shell.ready();
  if (snapshot === undefined) return;
  // The demo goes away with the first provider, and a route that leads there would then be a mistake in the file.
  if (snapshot.demo) return offerProvider(t('There is no provider yet that a route could lead to.'));
  const route = known ?? (await askRoute(snapshot));
  if (route === undefined) return;
  const choices = targetChoices(snapshot, route, Date.now());
  const current = snapshot.routes.find((view) => view.name === route);
  // A profile's route takes the place of the file's, which could be changed without any effect.
  const profile = current?.profile;
  const answer = await pickOne(
    {
      title: joined(
        t('Switch Route: {0}', routeLabel(route)),
        profile === undefined ? undefined : t('profile {0}', profile),
      ),
      placeholder: t('Which model group or model serves this route?'),
    },
    choices,
    current?.own ? current.target : '',
    (text) => typedTarget(snapshot, text),
  );
  if (answer === undefined || answer === 'back') return;
  const target = answer.value;
  await shell.editConfig(async () => [
    target === ''
      ? inheritEdit(route, profile)
      : routeEdit(route, target, await shell.readConfig(routePath(route, profile)), profile),
  ]);
}

async function askRoute(snapshot: RouterSnapshot): Promise<RouteName | undefined> {
  const choices = routeNames.map((name): Choice<RouteName> => {
    const view = snapshot.routes.find((candidate) => candidate.name === name);
    const target = view?.own || name === 'default' ? view?.target : t('as Default');
    const health = view === undefined || view.health === 'ok' ? undefined : healthWords(view.health);
    return {
      label: routeLabel(name),
      description: joined(target ?? t('not set'), health),
      detail: routeMeaning(name),
      value: name,
    };
  });
  const answer = await pickOne({ title: t('Switch Route'), placeholder: t('Which route?') }, choices);
  return answer === undefined || answer === 'back' ? undefined : answer.value;
}

/** Groups first, then models by provider; '' stands for "as Default". */
export function targetChoices(snapshot: RouterSnapshot, route: RouteName, now: number): Choice<string>[] {
  const view = snapshot.routes.find((candidate) => candidate.name === route);
  const choices: Choice<string>[] = [];
  const current = (target: string) => (view?.own && view.target === target ? `$(check) ${t('current')}` : '');
  if (view?.profile !== undefined) {
    const without = snapshot.routing?.routes[route];
    choices.push({ label: t('As without the profile'), description: without ?? t('as Default'), value: '' });
  } else if (route !== 'default') {
    choices.push({
      label: t('As Default'),
      description: joined(view?.own ? '' : `$(check) ${t('current')}`, defaultTarget(snapshot)),
      value: '',
    });
  }
  if (snapshot.groups.length > 0) choices.push(separator(t('Model Groups')));
  for (const group of snapshot.groups) {
    choices.push({
      label: group.name,
      description: joined(
        current(group.name),
        group.targets.map((target) => target.target).join(', '),
        group.health === 'ok' ? undefined : healthWords(group.health),
      ),
      value: group.name,
    });
  }
  for (const provider of snapshot.providers.filter((candidate) => candidate.enabled)) {
    if (provider.models.length > 0) choices.push(separator(provider.name));
    for (const model of provider.models) {
      const target = `${provider.name}/${model.id}`;
      choices.push({
        label: target,
        description: joined(current(target), unitWords(model.health, now)),
        value: target,
      });
    }
  }
  return choices;
}

/** A model that is not in the list is fine when its provider is known. */
function typedTarget(snapshot: RouterSnapshot, text: string): Choice<string> | undefined {
  const provider = snapshot.providers.find((candidate) => text.startsWith(`${candidate.name}/`));
  if (provider === undefined || text.length <= provider.name.length + 1) return undefined;
  return { label: text, value: text };
}

function defaultTarget(snapshot: RouterSnapshot): string {
  return snapshot.routes.find((route) => route.name === 'default')?.target ?? '';
}
