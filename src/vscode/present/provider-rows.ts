import type { KeyView, ModelView, ProviderView, RouterSnapshot } from '../../core/snapshot.ts';
import { t } from '../translate.ts';
import { adjustedLines, switchedOff, tokensWords, unitIcon, unitMark, unitWords } from './health.ts';
import { escapeMarkdown, type Icon, joined, type Mark, type Row, spoken } from './row.ts';

export interface ProviderContext {
  /** Milliseconds since the epoch, for the countdowns. */
  now: number;
  /** Whether there is a value behind `secret:NAME` or `env:NAME`: tells a missing key from a refused one. */
  hasKey(reference: string): boolean;
}

/**
 * The Providers view: each provider with its keys and models. Empty while only the built-in demo answers: then the
 * welcome text says so and offers to add one.
 */
export function providerRows(snapshot: RouterSnapshot, context: ProviderContext): Row[] {
  return snapshot.demo ? [] : snapshot.providers.map((provider) => providerRow(provider, context));
}

interface State {
  words: string;
  icon: Icon;
  mark?: Mark;
  /** Menu words. */
  context: string;
}

function providerRow(provider: ProviderView, context: ProviderContext): Row {
  const state = providerState(provider, context);
  const host = provider.preset === 'demo' ? t('built-in demo, no network') : hostOf(provider.baseUrl);
  return {
    id: `provider:${provider.name}`,
    label: provider.name,
    description: joined(state.words, host),
    tooltip: [
      joined(`**${escapeMarkdown(provider.name)}**`, state.words),
      `${escapeMarkdown(provider.baseUrl)} (${provider.dialect})`,
      ...provider.keys.flatMap((key) => (key.health.reason === undefined ? [] : [keyReason(key)])),
    ].join('\n\n'),
    icon: state.icon,
    ...(state.mark === undefined ? {} : { mark: state.mark }),
    speech: spoken(t('Provider {0}', provider.name), state.words === '' ? t('working') : state.words, host),
    context: `provider ${provider.enabled ? 'enabled' : 'disabled'}${state.context}`,
    checked: provider.enabled,
    subject: { kind: 'provider', provider: provider.name },
    children: [
      ...provider.keys.map((key) => keyRow(provider, key, context)),
      ...provider.models.map((model) => modelRow(provider, model, context.now)),
    ],
  };
}

function providerState(provider: ProviderView, context: ProviderContext): State {
  if (!provider.enabled) {
    return { words: t('switched off'), icon: switchedOff, mark: 'off', context: '' };
  }
  const keys = provider.keys.map((key) => key.health);
  const usable = keys.filter((health) => health.state !== 'out');
  if (keys.length > 0 && usable.length === 0) {
    const missing = provider.keys.every((key) => !context.hasKey(key.reference));
    return {
      words: missing ? t('no key yet') : t('no key works'),
      icon: { id: 'key', color: 'list.errorForeground' },
      mark: 'error',
      context: ' no-key',
    };
  }
  const units = [...keys, ...provider.models.map((model) => model.health)];
  const cooling = units.filter((health) => health.state === 'cooling');
  const soonest = cooling.toSorted((a, b) => (a.until ?? 0) - (b.until ?? 0))[0];
  if (soonest !== undefined) {
    return {
      words: unitWords(soonest, context.now),
      icon: unitIcon(soonest),
      mark: 'warning',
      context: ' cooling',
    };
  }
  if (units.some((health) => health.state === 'out')) {
    return {
      words: t('partly failing'),
      icon: { id: 'warning', color: 'list.warningForeground' },
      mark: 'warning',
      // Models stay out for hours: Clear Cooldowns ends that too.
      context: ' cooling',
    };
  }
  return { words: '', icon: { id: 'pass-filled', color: 'testing.iconPassed' }, context: '' };
}

function keyReason(key: KeyView): string {
  return `${escapeMarkdown(key.name)}: ${escapeMarkdown(key.health.reason ?? '')}`;
}

function keyRow(provider: ProviderView, key: KeyView, context: ProviderContext): Row {
  const mark = unitMark(key.health);
  const state =
    key.health.state === 'ok'
      ? ''
      : key.health.state === 'out'
        ? context.hasKey(key.reference)
          ? t('refused')
          : t('not set')
        : unitWords(key.health, context.now);
  const source = key.reference.startsWith('env:')
    ? t('from the environment')
    : key.reference.startsWith('secret:')
      ? t('kept by the editor')
      : undefined;
  return {
    id: `key:${provider.name}:${key.name}`,
    label: key.name,
    // A key that is missing is kept nowhere.
    description: joined(state, context.hasKey(key.reference) ? source : undefined),
    tooltip: [
      t('Key {0}', escapeMarkdown(key.reference)),
      ...(key.health.reason === undefined ? [] : [escapeMarkdown(key.health.reason)]),
    ].join('\n\n'),
    icon: { id: 'key', ...keyColor(key) },
    ...(mark === undefined ? {} : { mark }),
    speech: spoken(
      t('Key {0} of {1}', key.name, provider.name),
      state === '' ? t('working') : state,
      key.health.reason,
    ),
    context: `key ${key.health.state}`,
    subject: { kind: 'key', provider: provider.name, key: key.name, reference: key.reference },
  };
}

function keyColor(key: KeyView): { color?: string } {
  const color = unitIcon(key.health).color;
  return color === undefined ? {} : { color };
}

function modelRow(provider: ProviderView, model: ModelView, now: number): Row {
  const off = !provider.enabled;
  const mark = off ? 'off' : unitMark(model.health);
  const state = off ? t('switched off') : unitWords(model.health, now);
  return {
    id: `model:${provider.name}:${model.id}`,
    label: model.id,
    description: joined(
      off ? undefined : state,
      model.context === undefined ? undefined : tokensWords(model.context),
    ),
    tooltip: [
      joined(`**${escapeMarkdown(`${provider.name}/${model.id}`)}**`, state),
      ...(model.health.reason === undefined ? [] : [escapeMarkdown(model.health.reason)]),
      ...adjustedLines(model.adjusted),
    ].join('\n\n'),
    icon: off || model.health.state === 'ok' ? { id: 'symbol-misc' } : unitIcon(model.health),
    ...(mark === undefined ? {} : { mark }),
    speech: spoken(
      t('Model {0} of {1}', model.id, provider.name),
      !off && model.health.state === 'ok' ? t('working') : state,
      model.health.reason,
    ),
    context: `model ${model.health.state}`,
    subject: { kind: 'model', provider: provider.name, model: model.id },
  };
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
}
