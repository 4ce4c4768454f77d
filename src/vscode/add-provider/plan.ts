// What the answers of Add Provider… become. Free of `vscode`: the questions are asked elsewhere.

import { normaliseBaseUrl } from '../../core/config/base-url.ts';
import type { ConfigEdit } from '../../core/config/edit/edit-data.ts';
import { nameProblem } from '../../core/config/names.ts';
import type { Preset } from '../../core/config/preset.ts';
import type { RouterSnapshot } from '../../core/snapshot.ts';
import { t } from '../translate.ts';

/** How the config file refers to the key. */
export type KeySource = { kind: 'secret'; name: string } | { kind: 'env'; name: string } | { kind: 'none' };

export interface ChosenModel {
  id: string;
  context?: number;
}

export interface ProviderPlan {
  name: string;
  presetId: string;
  preset: Preset;
  baseUrl: string;
  key: KeySource;
  models: readonly ChosenModel[];
  /** The model that the default route and the group get. */
  mainModel: string;
  newGroup?: string | undefined;
  /** Existing groups that get the main model as their last target. */
  addToGroups: readonly string[];
  makeDefault: boolean;
}

/**
 * The edits of the config file, made in one go.
 * @param groups what stands in the file under `groups` now: it may have changed since the questions were asked
 */
export function addProviderEdits(plan: ProviderPlan, groups?: unknown): ConfigEdit[] {
  const target = `${plan.name}/${plan.mainModel}`;
  const edits: ConfigEdit[] = [{ path: ['providers', plan.name], value: providerEntry(plan) }];
  if (plan.newGroup !== undefined) {
    edits.push({ path: ['groups', plan.newGroup], value: { targets: [target] } });
  }
  for (const group of plan.addToGroups) edits.push(lastTargetEdit(group, target, groups));
  if (plan.makeDefault) edits.push({ path: ['routes', 'default'], value: plan.newGroup ?? target });
  return edits;
}

function lastTargetEdit(group: string, target: string, groups: unknown): ConfigEdit {
  const path = ['groups', group, 'targets'];
  const present = property(property(groups, group), 'targets');
  return Array.isArray(present)
    ? { path: [...path, present.length], value: target }
    : { path, value: [target] };
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function providerEntry(plan: ProviderPlan): Record<string, unknown> {
  const reference = keyReference(plan.key);
  return {
    preset: plan.presetId,
    ...(plan.baseUrl === plan.preset.baseUrl ? {} : { base_url: plan.baseUrl }),
    ...(reference === undefined ? {} : { keys: [reference] }),
    models: plan.models.map((model) => modelEntry(model, plan.preset)),
  };
}

/** What the preset knows by itself is not repeated in the file. */
function modelEntry(model: ChosenModel, preset: Preset): unknown {
  const known = preset.suggestedModels?.some((suggested) => suggested.id === model.id);
  return known || model.context === undefined ? model.id : { id: model.id, context: model.context };
}

export function keyReference(key: KeySource): string | undefined {
  return key.kind === 'none' ? undefined : `${key.kind}:${key.name}`;
}

/** A free name for a provider of this preset. */
export function proposeName(presetId: string, taken: ReadonlySet<string>): string {
  return firstFree(presetId.replace(/^custom-.*$/, 'custom'), taken);
}

/** What is wrong with a provider's name. */
export function checkName(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === '') return t('A name is needed.');
  if (nameProblem(name) !== undefined) return t('Use a name without spaces, slashes, commas and colons.');
  return taken.has(name) ? t('There is a provider or group of this name already.') : undefined;
}

/** What is wrong with an address, or what the user should know about it. */
export function checkUrl(text: string, preset: Preset): string | { warning: string } | undefined {
  if (text === '') return t('An address is needed, such as https://api.example.com/v1.');
  let url: string;
  try {
    url = normaliseBaseUrl(text, preset.dialect);
  } catch (error) {
    return t('The address {0}.', error instanceof Error ? error.message : String(error));
  }
  if (url.startsWith('http:') && !isNearby(url)) {
    return { warning: t('Without https the key travels readable for others.') };
  }
  return undefined;
}

/** A name for the group of a model: its id without maker and variant, in small letters. */
export function proposeGroup(model: string, taken: ReadonlySet<string>): string {
  const last = model.split('/').at(-1) ?? model;
  const name = last
    .replace(/:.*$/, '')
    .replace(/[\s,]+/g, '-')
    .toLowerCase();
  return firstFree(name === '' ? 'group' : name, taken);
}

/**
 * Provider and group names that new ones must differ from.
 * @param file what stands in the config file, which may have mistakes and therefore not be in force
 */
export function takenNames(
  snapshot: RouterSnapshot | undefined,
  file: { providers?: unknown; groups?: unknown },
): Set<string> {
  // What the built-in demo uses goes away with the first provider.
  const shown = snapshot === undefined || snapshot.demo ? [] : [...snapshot.providers, ...snapshot.groups];
  return new Set([
    ...shown.map((entry) => entry.name),
    ...Object.keys(file.providers ?? {}),
    ...Object.keys(file.groups ?? {}),
  ]);
}

/** A secret's name that no configured key uses yet: a new key must not replace another provider's. */
export function freeSecretName(provider: string, snapshot: RouterSnapshot | undefined): string {
  const used = [
    ...(snapshot?.providers.flatMap((entry) => entry.keys.map((key) => key.reference)) ?? []),
    ...(snapshot?.routing?.clients.map((client) => client.reference) ?? []),
  ];
  const names = used.filter((reference) => reference.startsWith('secret:'));
  return firstFree(provider, new Set(names.map((reference) => reference.slice('secret:'.length))));
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number++) {
    if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
  }
}

function isNearby(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? '';
  return (
    !host.includes('.') ||
    /^(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host) ||
    host.endsWith('.local')
  );
}
