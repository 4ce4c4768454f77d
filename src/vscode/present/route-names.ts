import type { RouteName } from '../../core/config/route-names.ts';
import type { ExchangeRecord } from '../../core/gateway/exchange.ts';
import { t } from '../translate.ts';

/** A route's name for people. */
export function routeLabel(route: RouteName): string {
  const labels: Record<RouteName, string> = {
    default: t('Default'),
    background: t('Background'),
    think: t('Think'),
    longContext: t('Long Context'),
    webSearch: t('Web Search'),
    image: t('Image'),
    subagent: t('Subagent'),
    compaction: t('Compaction'),
    classifier: t('Classifier'),
  };
  return labels[route];
}

/** What an exchange was routed by: a route, a rule, or the name that the client asked for. */
export function exchangeRouteLabel(route: ExchangeRecord['route']): string {
  if (route === 'rule') return t('Rule');
  return route === 'explicit' ? t('By name') : routeLabel(route);
}

/** Which requests take the route, in one sentence. */
export function routeMeaning(route: RouteName): string {
  const meanings: Record<RouteName, string> = {
    default: t('Everything that no other route takes.'),
    background: t('Small helper requests: titles, summaries.'),
    think: t('Requests that ask for much thinking, and plan mode.'),
    longContext: t('Long conversations.'),
    webSearch: t('Requests that use the web search tool.'),
    image: t('Images and documents, when the chosen model cannot see them.'),
    subagent: t('Requests of subagents and workflows.'),
    compaction: t('Summing up a conversation that grew too long.'),
    classifier: t('The permission check of Claude Code’s auto mode.'),
  };
  return meanings[route];
}
