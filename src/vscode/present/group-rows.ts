import type { GroupView, RouterSnapshot, TargetView } from '../../core/snapshot.ts';
import { t } from '../translate.ts';
import {
  adjustedLines,
  healthIcon,
  healthMark,
  healthWords,
  switchedOff,
  tokensWords,
  unitIcon,
  unitMark,
  unitWords,
} from './health.ts';
import { escapeMarkdown, joined, type Row, spoken } from './row.ts';
import { strategyWords } from './strategy-words.ts';

/**
 * The Model Groups view: groups with their targets in the order of the file.
 * @param now milliseconds since the epoch, for the countdowns
 */
export function groupRows(snapshot: RouterSnapshot, now: number): Row[] {
  return snapshot.groups.map((group) => groupRow(group, snapshot, now));
}

function groupRow(group: GroupView, snapshot: RouterSnapshot, now: number): Row {
  const { demo } = snapshot;
  const mark = healthMark(group.health);
  const count = group.targets.length === 1 ? t('1 target') : t('{0} targets', group.targets.length);
  const words = demo ? t('built-in demo') : count;
  const strategy = strategyWords(group.strategy);
  return {
    id: `group:${group.name}`,
    label: group.name,
    description: joined(words, strategy, group.health === 'ok' ? undefined : healthWords(group.health)),
    tooltip: [
      `**${escapeMarkdown(group.name)}** (${escapeMarkdown(group.strategy)})`,
      ...(group.aliases.length === 0
        ? []
        : [t('Also called: {0}', group.aliases.map(escapeMarkdown).join(', '))]),
      ...(group.fallbacks.length === 0
        ? []
        : [t('When all targets fail: {0}', group.fallbacks.map(escapeMarkdown).join(', '))]),
      ...(group.contextFallbacks.length === 0
        ? []
        : [t('When a prompt is too long: {0}', group.contextFallbacks.map(escapeMarkdown).join(', '))]),
    ].join('\n\n'),
    icon: healthIcon(group.health),
    ...(mark === undefined ? {} : { mark }),
    speech: spoken(t('Model group {0}', group.name), words, strategy, healthWords(group.health)),
    context: `group${demo ? ' demo' : ''}`,
    subject: { kind: 'group', group: group.name },
    expanded: true,
    children: group.targets.map((target, index) => targetRow(group, target, index, snapshot, now)),
  };
}

function targetRow(
  group: GroupView,
  target: TargetView,
  index: number,
  snapshot: RouterSnapshot,
  now: number,
): Row {
  const off = snapshot.providers.some(
    (provider) => !provider.enabled && target.target.startsWith(`${provider.name}/`),
  );
  const mark = off ? 'off' : unitMark(target.health);
  const context = target.context === undefined ? undefined : tokensWords(target.context);
  // Equal weights are no news.
  const weighs = group.targets.some((other) => other.weight !== target.weight);
  const weight = target.weight !== undefined && weighs ? t('weight {0}', target.weight) : undefined;
  const nested = snapshot.groups.some((other) => other.name === target.target);
  const kind = nested ? t('model group') : undefined;
  const inFlight = target.inFlight === undefined ? undefined : t('{0} under way', target.inFlight);
  const state = off ? t('switched off') : unitWords(target.health, now);
  const moves = snapshot.demo
    ? ''
    : `${index > 0 ? ' up' : ''}${index < group.targets.length - 1 ? ' down' : ''}`;
  return {
    id: `target:${group.name}:${index}:${target.target}`,
    label: target.target,
    description: joined(state, kind, context, weight, inFlight),
    tooltip: [
      joined(`**${escapeMarkdown(target.target)}**`, state),
      ...(target.health.reason === undefined ? [] : [escapeMarkdown(target.health.reason)]),
      ...(target.health.ttft === undefined
        ? []
        : [t('First words after {0} ms on average.', Math.round(target.health.ttft))]),
      ...(context === undefined ? [] : [t('Context window: {0} tokens.', context)]),
      ...adjustedLines(target.adjusted),
    ].join('\n\n'),
    icon: off ? switchedOff : unitIcon(target.health),
    ...(mark === undefined ? {} : { mark }),
    speech: spoken(
      t('Target {0} of {1}: {2}', index + 1, group.targets.length, target.target),
      kind,
      target.health.state === 'ok' ? healthWords('ok') : state,
      target.health.reason,
    ),
    context: `target${moves}`,
    subject: { kind: 'target', group: group.name, index, target: target.target },
  };
}
