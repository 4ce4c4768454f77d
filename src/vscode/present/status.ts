// The status bar item as plain data.

import type { ExchangeRecord } from '../../core/gateway/exchange.ts';
import type { RouterSnapshot } from '../../core/snapshot.ts';
import { t } from '../translate.ts';
import { healthWords, secondsWords } from './health.ts';
import { exchangeRouteLabel, routeLabel } from './route-names.ts';
import { escapeMarkdown, joined, spoken } from './row.ts';

export type StatusKind = 'starting' | 'ok' | 'degraded' | 'down' | 'paused';

export interface Status {
  kind: StatusKind;
  following: boolean;
  /** With a codicon in front. */
  text: string;
  /** What is the matter, in one sentence; '' when all is well. */
  reason: string;
  /** For a screen reader. */
  speech: string;
}

/**
 * What the status bar says.
 * @param snapshot undefined until the router's thread has told of itself
 * @param secretsAvailable false when the editor's secret storage did not answer
 */
export function statusOf(snapshot: RouterSnapshot | undefined, secretsAvailable: boolean): Status {
  const kind = statusKind(snapshot, secretsAvailable);
  const following = snapshot?.phase === 'following';
  const target = defaultTarget(snapshot);
  const icons: Record<StatusKind, string> = {
    starting: '$(loading~spin)',
    ok: following ? '$(link)' : '$(type-hierarchy)',
    degraded: '$(warning)',
    down: '$(error)',
    paused: '$(debug-pause)',
  };
  const known = snapshot?.demo ? t('Switchyard demo') : target;
  const profile = snapshot?.routing?.profile;
  const label = kind === 'starting' || known === undefined ? 'Switchyard' : joined(known, profile);
  const reason = statusReason(kind, snapshot, secretsAvailable);
  return {
    kind,
    following,
    text: `${icons[kind]} ${label}`,
    reason,
    speech: spoken(
      t('Switchyard: {0}', kindWords(kind)),
      target === undefined ? undefined : t('default route goes to {0}', target),
      profile === undefined ? undefined : t('profile {0}', profile),
      snapshot?.demo ? t('built-in demo') : undefined,
      following ? t('another window runs the router') : undefined,
      reason,
    ),
  };
}

/** The router has read its config. It listens before that, and then shows no routes, although there may be some. */
export function isSettled(snapshot: RouterSnapshot): boolean {
  return snapshot.phase !== 'starting' && (snapshot.config.state !== 'none' || snapshot.demo);
}

function statusKind(snapshot: RouterSnapshot | undefined, secretsAvailable: boolean): StatusKind {
  if (snapshot?.phase === 'down') return 'down';
  if (snapshot === undefined || !isSettled(snapshot)) return 'starting';
  if (snapshot.leaderSilent) return 'degraded';
  if (snapshot.paused) return 'paused';
  // Without any config in force, requests are refused.
  if (snapshot.health === 'down' || snapshot.config.state === 'broken') return 'down';
  const healthy = snapshot.health === 'ok' && snapshot.config.state !== 'last-good' && secretsAvailable;
  return healthy ? 'ok' : 'degraded';
}

function statusReason(
  kind: StatusKind,
  snapshot: RouterSnapshot | undefined,
  secretsAvailable: boolean,
): string {
  if (snapshot === undefined || kind === 'starting') return '';
  if (snapshot.phase === 'down') return snapshot.downReason ?? t('The router is not running.');
  if (snapshot.leaderSilent)
    return t(
      'The router in another window does not answer (process {0}).',
      String(snapshot.leaderPid ?? '?'),
    );
  if (kind === 'paused') return t('The router is paused: clients get no answers.');
  const health = snapshot.health === 'ok' || snapshot.config.state === 'broken' ? '' : snapshot.healthReason;
  return joined(attention(snapshot, secretsAvailable), health);
}

/** What the user should look at although requests are served: also the message above the trees. */
export function attention(snapshot: RouterSnapshot, secretsAvailable: boolean): string | undefined {
  const errors = snapshot.config.problems.filter((problem) => problem.severity === 'error').length;
  const count = errors === 1 ? t('1 error') : t('{0} errors', errors);
  if (snapshot.config.state === 'last-good') {
    return t('The config file has {0}; its last good version is in force.', count);
  }
  if (snapshot.config.state === 'broken') return t('The config file has {0} and is not in force.', count);
  if (!secretsAvailable) {
    return t('The editor’s secret storage does not answer: keys kept there are not available.');
  }
  return undefined;
}

function kindWords(kind: StatusKind): string {
  return {
    starting: t('starting'),
    ok: t('working'),
    degraded: t('partly failing'),
    down: t('not available'),
    paused: t('paused'),
  }[kind];
}

export function defaultTarget(snapshot: RouterSnapshot | undefined): string | undefined {
  return snapshot?.routes.find((route) => route.name === 'default')?.target;
}

/** Commands that the tooltip may run. */
export const tooltipCommands = [
  'switchyard.switchRoute',
  'switchyard.showMenu',
  'switchyard.showLog',
  'switchyard.addProvider',
  'switchyard.openConfig',
  'switchyard.switchProfile',
  'switchyard.diagnose',
  'switchyard.resumeRouter',
] as const;

/** The tooltip in Markdown with theme icons and command links. */
export function statusTooltip(snapshot: RouterSnapshot | undefined, status: Status): string {
  const where = snapshot?.port === undefined ? undefined : `127.0.0.1:${snapshot.port}`;
  const head = joined(
    `**Switchyard** ${kindWords(status.kind)}`,
    where,
    snapshot?.routing?.profile === undefined
      ? undefined
      : t('profile {0}', escapeMarkdown(snapshot.routing.profile)),
    status.following ? t('another window runs the router') : undefined,
    snapshot?.demo ? t('built-in demo') : undefined,
  );
  const parts = [head];
  if (status.reason !== '') parts.push(escapeMarkdown(status.reason));
  if (snapshot !== undefined) parts.push(routeTable(snapshot), exchangeList(snapshot.exchanges));
  parts.push(links(snapshot, status));
  return parts.filter((part) => part !== '').join('\n\n');
}

function routeTable(snapshot: RouterSnapshot): string {
  const routes = snapshot.routes.filter((route) => route.target !== undefined && route.own);
  if (routes.length === 0) return '';
  const lines = routes.map((route) => {
    const icon = { ok: 'pass', degraded: 'warning', down: 'error' }[route.health];
    const state = route.health === 'ok' ? `$(${icon})` : `$(${icon}) ${healthWords(route.health)}`;
    return `| ${routeLabel(route.name)} | ${escapeMarkdown(route.target ?? '')} | ${state} |`;
  });
  return [`| ${t('Route')} | ${t('Target')} | |`, '| :-- | :-- | :-- |', ...lines].join('\n');
}

function exchangeList(exchanges: readonly ExchangeRecord[]): string {
  const lines = exchanges.slice(0, 3).map(exchangeLine);
  return lines.length === 0 ? '' : [t('Last requests:'), ...lines].join('\n\n');
}

/** One exchange in one line: route, who answered, how long it took. */
function exchangeLine(exchange: ExchangeRecord): string {
  const last = exchange.attempts.at(-1);
  const who = last === undefined ? exchange.target : `${last.provider}/${last.model}`;
  const icon = exchange.status === undefined ? '$(sync)' : exchange.status < 400 ? '$(pass)' : '$(error)';
  const outcome =
    exchange.status === undefined
      ? t('running')
      : exchange.status < 400
        ? secondsWords(exchange.duration ?? 0)
        : String(exchange.status);
  const tries = exchange.attempts.length > 1 ? t('{0} attempts', exchange.attempts.length) : undefined;
  return `${icon} ${joined(escapeMarkdown(`${exchangeRouteLabel(exchange.route)} → ${who}`), outcome, tries)}`;
}

function links(snapshot: RouterSnapshot | undefined, status: Status): string {
  const all: [string, (typeof tooltipCommands)[number]][] = [];
  if (status.kind === 'paused') all.push([t('Resume'), 'switchyard.resumeRouter']);
  if (snapshot?.demo) all.push([t('Add Provider'), 'switchyard.addProvider']);
  else all.push([t('Switch Route'), 'switchyard.switchRoute']);
  if (snapshot?.routing !== undefined && snapshot.routing.profiles.length > 0)
    all.push([t('Switch Profile'), 'switchyard.switchProfile']);
  if (status.kind === 'degraded' || status.kind === 'down') all.push([t('Diagnose'), 'switchyard.diagnose']);
  all.push(
    [t('Open Config'), 'switchyard.openConfig'],
    [t('Show Log'), 'switchyard.showLog'],
    [t('More'), 'switchyard.showMenu'],
  );
  return all.map(([label, command]) => `[${label}](command:${command})`).join(' · ');
}
