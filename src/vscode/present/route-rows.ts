import type { RouterSnapshot, RouteView } from '../../core/snapshot.ts';
import { t } from '../translate.ts';
import { healthIcon, healthMark, healthWords } from './health.ts';
import { routeLabel, routeMeaning } from './route-names.ts';
import { escapeMarkdown, joined, type Row, spoken } from './row.ts';

/** The Routes view. Empty only while nothing is known, so that its welcome text shows. */
export function routeRows(snapshot: RouterSnapshot): Row[] {
  if (!snapshot.routes.some((route) => route.target !== undefined)) return [];
  // What the router said of itself before it went down holds no longer.
  const down = snapshot.phase === 'down';
  return snapshot.routes.map((route) => routeRow(down ? { ...route, health: 'down' } : route, snapshot.demo));
}

function routeRow(route: RouteView, demo: boolean): Row {
  const label = routeLabel(route.name);
  const inherited = !route.own && route.name !== 'default';
  const target = route.target ?? t('not set');
  const profileWords = route.profile === undefined ? undefined : t('profile {0}', route.profile);
  const demoWords = demo && !inherited ? t('built-in demo') : undefined;
  const words = inherited ? t('as Default') : target;
  const mark = inherited ? undefined : healthMark(route.health);
  return {
    id: `route:${route.name}`,
    label,
    description: joined(words, profileWords, route.own ? route.condition : undefined, demoWords),
    tooltip: [
      `**${escapeMarkdown(label)}** → ${escapeMarkdown(target)}`,
      routeMeaning(route.name),
      ...(route.own && route.condition !== undefined ? [escapeMarkdown(route.condition)] : []),
      ...(profileWords === undefined ? [] : [escapeMarkdown(profileWords)]),
      ...(demoWords === undefined
        ? []
        : [t('The built-in demo answers until a provider is added. It uses no key and no network.')]),
    ].join('\n\n'),
    icon: inherited ? { id: 'circle-outline' } : healthIcon(route.health),
    ...(mark === undefined ? {} : { mark }),
    speech: spoken(
      t('Route {0}', label),
      inherited ? t('as Default') : t('goes to {0}', target),
      profileWords,
      demoWords,
      healthWords(route.health),
    ),
    context: `route ${route.name}${route.own ? ' own' : ''}`,
    subject: { kind: 'route', route: route.name },
  };
}
