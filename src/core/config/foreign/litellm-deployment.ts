// One entry of LiteLLM's `model_list`: a deployment, which is a provider, a key and a model in one.
import type { DialectId } from '../../dialects/dialect.ts';
import { isObject } from '../../json/values.ts';
import { isCredentialHeader } from '../auth.ts';
import { presetOf } from '../presets.ts';
import type { ModelEntry } from '../schema-provider.ts';
import { nodeToData, type SourceNode } from '../source-node.ts';
import { secondsOf, type TranslateContext } from './context.ts';
import type { Fields } from './fields.ts';
import { nameByHost, presetByHost } from './known-preset.ts';
import type { Credentials } from './litellm-credentials.ts';
import { deploymentFields, modelInfoFields } from './litellm-fields.ts';
import { type Prefix, splitModel } from './litellm-prefixes.ts';
import type { Report } from './report.ts';

/** The model of one provider with all that is known about it. */
export type ModelDetails = Exclude<ModelEntry, string>;

/** What makes two deployments the same provider. */
export interface ProviderIdentity {
  preset?: string;
  dialect: DialectId;
  baseUrl?: string;
  key: string;
  limits: { rpm?: number; tpm?: number; max_parallel?: number };
  headers: Readonly<Record<string, unknown>>;
  /** Seconds. */
  firstToken?: number;
}

export interface Deployment {
  group: string;
  groupNode: SourceNode;
  node: SourceNode;
  modelNode: SourceNode;
  urlNode?: SourceNode;
  keyNode?: SourceNode;
  /** A name for the provider. */
  wish: string;
  provider: ProviderIdentity;
  model: ModelDetails;
  weight?: number;
  /** Lower ones are tried first. */
  order: number;
}

/** Reads an entry; undefined after a warning when it can't be used. `timeout` (seconds) holds where it sets none. */
export function readDeployment(
  entry: Fields,
  credentials: Credentials,
  timeout: number | undefined,
  context: TranslateContext,
): Deployment | undefined {
  const { report, keys } = context;
  const group = entry.text('model_name');
  const params = entry.map('litellm_params');
  const modelNode = params?.get('model');
  const written = params?.text('model');
  if (!group || params === undefined || modelNode === undefined || !written) {
    report.warn(
      entry.node,
      'needs "model_name" and "litellm_params: { model }"; this deployment is left out',
    );
    return undefined;
  }
  const { prefix, name, model } = splitModel(written, params.text('custom_llm_provider'));
  if (prefix?.missing !== undefined) {
    report.warn(modelNode, `"${name}" ${prefix.missing}`);
    return undefined;
  }
  const credential = credentials.get(params.text('litellm_credential_name') ?? '');
  const urlNode = params.get('api_base') ?? params.get('base_url') ?? credential?.get('api_base');
  const version = params.text('api_version') ?? credential?.text('api_version');
  const dated = prefix?.preset === 'azure' ? version : undefined;
  const baseUrl = urlNode?.kind === 'scalar' ? withVersion(String(urlNode.value).trim(), dated) : undefined;
  if (prefix === undefined && !baseUrl) {
    report.warn(
      modelNode,
      'names no provider that is known: write openai/MODEL and "api_base"; this deployment is left out',
    );
    return undefined;
  }
  const keyNode = params.get('api_key') ?? credential?.get('api_key');
  const { preset, dialect, wish } = serverOf(baseUrl, prefix, name);
  const keyText = keyNode?.kind === 'scalar' ? String(keyNode.value).trim() : '';
  // Never to an address of the user's own: that key is for the maker of the model.
  const variable = baseUrl ? undefined : presetOf(preset)?.keyVariable;
  const key = keyText === '' && variable !== undefined ? `env:${variable}` : keys.refer(keyText, wish);
  const info = entry.map('model_info');
  const own = secondsOf(params.number('stream_timeout')) ?? secondsOf(params.number('timeout'));
  const firstToken = own ?? timeout;
  const weight = params.number('weight');
  const order = params.number('order') ?? info?.number('order') ?? 0;
  const limits = withoutUndefined({
    rpm: positive(params.number('rpm') ?? info?.number('rpm')),
    tpm: positive(params.number('tpm') ?? info?.number('tpm')),
    max_parallel: positive(params.number('max_parallel_requests')),
  });
  const headers = { ...headersAt(params, 'headers', report), ...headersAt(params, 'extra_headers', report) };
  const details = { id: model, ...modelDetails(params, info, context) };
  for (const [field, node] of entry.rest()) report.warn(node, `"${field}" is not known; it is left out`);
  return {
    group,
    groupNode: entry.get('model_name') ?? entry.node,
    node: entry.node,
    modelNode,
    ...(urlNode !== undefined && { urlNode }),
    ...(keyNode !== undefined && { keyNode }),
    wish,
    provider: {
      ...(preset !== undefined && { preset }),
      dialect,
      ...(baseUrl && { baseUrl }),
      key,
      limits,
      headers,
      ...(firstToken !== undefined && { firstToken }),
    },
    model: details,
    ...(weight !== undefined && { weight }),
    order,
  };
}

/** Which server a deployment is on: by its address, or by the prefix alone. */
function serverOf(
  baseUrl: string | undefined,
  prefix: Prefix | undefined,
  name: string | undefined,
): { preset?: string; dialect: DialectId; wish: string } {
  const dialect = prefix?.dialect ?? 'openai-chat';
  const preset = baseUrl ? (presetByHost(baseUrl, dialect) ?? localPreset(prefix?.preset)) : prefix?.preset;
  // An address that is a variable has no host yet.
  const host = baseUrl && URL.parse(baseUrl) !== null ? nameByHost(baseUrl) : undefined;
  const wish = preset ?? host ?? name ?? 'provider';
  return { ...(preset !== undefined && { preset }), dialect, wish };
}

/** Azure's dated addresses need their version; other servers have none. */
function withVersion(url: string, version: string | undefined): string {
  return version === undefined || url === '' || url.includes('?') ? url : `${url}?api-version=${version}`;
}

/** A server of one's own keeps what is known about its kind, wherever it runs. */
function localPreset(id: string | undefined): string | undefined {
  const preset = presetOf(id);
  return id === 'azure' || (preset !== undefined && !preset.needsKey) ? id : undefined;
}

/** Clouds' credentials (`azure_ad_token`, `aws_secret_access_key`): as parameters they would be sent inside each request. */
const credentialField =
  /(?:^|_)(?:token|secret|password|credentials?|(?:api|access|private|secret)_key(?:_id)?)$/i;

/** What is known about the model; every parameter that is not LiteLLM's own is one of the request. */
function modelDetails(
  params: Fields,
  info: Fields | undefined,
  context: TranslateContext,
): Omit<ModelDetails, 'id'> {
  const contextWindow = positive(info?.number('max_input_tokens'));
  const maxOutput = positive(info?.number('max_output_tokens') ?? info?.number('max_tokens'));
  const vision = info?.boolean('supports_vision');
  const pdf = info?.boolean('supports_pdf_input');
  const requestParams: Record<string, unknown> = { ...objectAt(params, 'extra_body') };
  for (const [name, node] of params.rest()) {
    const fate = Object.hasOwn(deploymentFields, name) ? deploymentFields[name] : undefined;
    if (fate === undefined && credentialField.test(name))
      context.report.warn(node, `"${name}" is not carried over: only keys of the provider itself are used`);
    else if (fate === undefined) Object.defineProperty(requestParams, name, property(nodeToData(node)));
    else if (fate.warn) context.report.warn(node, `"${name}" is not carried over: ${fate.note}`);
    else if (fate.note !== undefined) context.report.note(node, fate.note);
  }
  for (const [name, node] of info?.rest() ?? [])
    if (!Object.hasOwn(modelInfoFields, name)) context.report.note(node, 'is not needed');
  return {
    ...(contextWindow !== undefined && { context: contextWindow }),
    ...(maxOutput !== undefined && { max_output: maxOutput }),
    ...(Object.keys(requestParams).length > 0 && { params: requestParams }),
    ...(vision !== undefined && { vision }),
    ...(pdf !== undefined && { pdf }),
  };
}

/** Without those that carry a key, which would be kept in plain text. */
function headersAt(fields: Fields, name: string, report: Report): Record<string, unknown> {
  const headers = objectAt(fields, name);
  const node = fields.get(name);
  const secret = Object.keys(headers).filter(isCredentialHeader);
  if (node !== undefined && secret.length > 0)
    report.warn(node, `keys belong into "api_key"; ${secret.join(', ')} is left out`);
  return Object.fromEntries(Object.entries(headers).filter(([header]) => !isCredentialHeader(header)));
}

function objectAt(fields: Fields, name: string): Record<string, unknown> {
  const data = fields.map(name) === undefined ? undefined : fields.data(name);
  return isObject(data) ? data : {};
}

function positive(value: number | undefined): number | undefined {
  return value === undefined || value < 1 ? undefined : Math.floor(value);
}

function property(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
