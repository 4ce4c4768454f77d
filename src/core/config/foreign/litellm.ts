// LiteLLM's config.yaml in our own form. The documented meaning holds where the code has another.
import { type MapNode, nodeToData, type SourceNode } from '../source-node.ts';
import type { FieldFate } from './ccr-fields.ts';
import { secondsOf, type TranslateContext } from './context.ts';
import { Fields } from './fields.ts';
import { readCredentials } from './litellm-credentials.ts';
import { readDeployment } from './litellm-deployment.ts';
import {
  generalFields,
  litellmFields,
  litellmSettingsFields,
  routerFields,
  strategyNames,
} from './litellm-fields.ts';
import { addGroups, type Strategy } from './litellm-groups.ts';
import { LitellmNames } from './litellm-names.ts';
import { LitellmProviders } from './litellm-providers.ts';

interface Settings {
  router?: Fields;
  litellm?: Fields;
}

/** Adds what the file says to the draft. Its variables are `${env:NAME}` already. */
export function translateLitellm(tree: MapNode, context: TranslateContext): void {
  const file = new Fields(tree, context.report);
  const router = file.map('router_settings');
  const litellm = file.map('litellm_settings');
  const settings: Settings = { ...(router && { router }), ...(litellm && { litellm }) };
  const credentials = readCredentials(file);
  const timeout =
    secondsOf(router?.number('stream_timeout')) ??
    secondsOf(router?.number('timeout')) ??
    secondsOf(litellm?.number('request_timeout'));
  const deployments = file
    .maps('model_list')
    .flatMap((entry) => readDeployment(entry, credentials, timeout, context) ?? []);
  // Wildcards first: they need the name.
  deployments.sort((a, b) => Number(b.group.includes('*')) - Number(a.group.includes('*')));
  const providers = new LitellmProviders(context);
  const groups = addGroups(deployments, providers, strategyOf(router, context), context);

  const names = new LitellmNames(groups, providers, context);
  names.addAliases(router?.map('model_group_alias'));
  names.addModelGroups(router?.maps('model_groups') ?? []);
  addFallbacks(settings, names, context);
  addNumbers(settings, context);
  const general = file.map('general_settings');
  addToken(general, litellm, context);

  file.get('environment_variables');
  reportRest(file, litellmFields, context);
  reportRest(router, routerFields, context);
  reportRest(litellm, litellmSettingsFields, context);
  reportRest(general, generalFields, context);
}

function strategyOf(router: Fields | undefined, { report }: TranslateContext): Strategy {
  const node = router?.get('routing_strategy');
  const written = router?.text('routing_strategy');
  if (node === undefined || written === undefined) return { name: 'weighted' };
  const name = Object.hasOwn(strategyNames, written) ? strategyNames[written] : undefined;
  if (name !== undefined) return { name, node };
  report.warn(node, `the strategy "${written}" is not carried over; the targets are tried in their order`);
  return { name: 'failover', node };
}

function addFallbacks({ router, litellm }: Settings, names: LitellmNames, { draft }: TranslateContext): void {
  const holder = router?.get('fallbacks') !== undefined ? router : litellm;
  const add = (group: string, target: string, node: SourceNode): void => {
    const present = nodeToData(draft.get(['fallbacks', group]));
    if (target === group || (Array.isArray(present) && present.includes(target))) return;
    draft.push(['fallbacks', group], target, node);
    // A name that nobody knows is served by the first of these.
    if (group === '*' && !draft.has(['routes', 'default'])) draft.set(['routes', 'default'], target, node);
  };
  names.eachFallback(holder?.maps('fallbacks') ?? [], true, add);
  litellm?.get('fallbacks');
  for (const settings of [router, litellm])
    for (const node of settings?.items('default_fallbacks') ?? []) {
      const target = names.target(node);
      if (target !== undefined) add('*', target, node);
    }
  for (const settings of [router, litellm])
    names.eachFallback(settings?.maps('context_window_fallbacks') ?? [], false, (group, target, node) => {
      if (target !== group) draft.push(['groups', group, 'context_fallbacks'], target, node);
    });
}

function addNumbers({ router, litellm }: Settings, { draft }: TranslateContext): void {
  const set = (name: string, most: number, ...fields: [Fields | undefined, string][]): void => {
    for (const [settings, field] of fields) {
      const value = settings?.number(field);
      const node = settings?.get(field);
      if (value === undefined || node === undefined || draft.has(['resilience', name])) continue;
      const whole = name === 'cooldown' ? value : Math.round(value);
      draft.set(['resilience', name], Math.max(0, Math.min(whole, most)), node);
    }
  };
  set('retries', 20, [router, 'num_retries'], [router, 'max_retries'], [litellm, 'num_retries']);
  set('cooldown', 86_400, [router, 'cooldown_time'], [litellm, 'cooldown_time']);
  set('allowed_fails', 1000, [router, 'allowed_fails'], [litellm, 'allowed_fails']);
  const drop = litellm?.boolean('drop_params');
  const node = litellm?.get('drop_params');
  if (drop !== undefined && node !== undefined) draft.set(['models', 'drop_params'], drop, node);
}

/** The tutorial writes it below `litellm_settings`. */
function addToken(
  general: Fields | undefined,
  litellm: Fields | undefined,
  { draft, keys }: TranslateContext,
): void {
  const holder = general?.get('master_key') !== undefined ? general : litellm;
  const node = holder?.get('master_key');
  const token = keys.refer(holder?.text('master_key') ?? '', 'litellm');
  if (node !== undefined && token !== 'none') draft.push(['clients'], { name: 'litellm', token }, node);
}

function reportRest(
  fields: Fields | undefined,
  fates: Readonly<Record<string, FieldFate>>,
  { report }: TranslateContext,
): void {
  for (const [name, node] of fields?.rest() ?? []) {
    const fate = Object.hasOwn(fates, name) ? fates[name] : undefined;
    if (fate === undefined) report.warn(node, `"${name}" is not carried over`);
    else if (fate.note === undefined) continue;
    else if (fate.warn) report.warn(node, `"${name}" is not carried over: ${fate.note}`);
    else report.note(node, fate.note);
  }
}

/** `os.environ/NAME` as any text becomes `${env:NAME}`, whose absence is named instead of passed on. */
export function withOurVariables(text: string): string {
  const name = /^os\.environ\/(\S+)$/.exec(text.trim())?.[1];
  return name === undefined ? text : `\${env:${name}}`;
}
