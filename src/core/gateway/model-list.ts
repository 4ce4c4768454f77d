// GET /v1/models: one object that Anthropic's and OpenAI's clients both read, and Google's own shape for theirs.
import type { ModelInfo } from '@anthropic-ai/sdk/resources/models';
import type { Model as GoogleModel } from '@google/genai';
import type { Model as OpenAiModel } from 'openai/resources/models';
import { ClientError } from '../client-error.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { factsOf, type TargetFacts } from '../routing/target-facts.ts';
import { type ListedModel, listModels } from './models.ts';

type ModelEntry = Pick<ModelInfo, 'id' | 'type' | 'display_name' | 'created_at'> &
  OpenAiModel & {
    description: string;
    /** Limits in tokens, under the names that clients read. */
    context_window?: number;
    max_input_tokens?: number;
    max_tokens?: number;
    /** new-api's word for the dialects, which Cherry Studio reads; the first is taken. */
    supported_endpoint_types: string[];
  };

/** As Google's API sends it; its SDK renames the last field. */
type GoogleEntry = Omit<GoogleModel, 'supportedActions'> & { supportedGenerationMethods: string[] };

/** Fixed, so that answers don't change from call to call: model lists are cached by clients. */
const created = '2026-01-01T00:00:00Z';
const longestPage = 1000;

const endpointTypes: Readonly<Record<DialectId, string>> = {
  anthropic: 'anthropic',
  'openai-chat': 'openai',
  'openai-responses': 'openai-response',
  gemini: 'gemini',
};

/**
 * The list, or the page of it that the query asks for: `limit`, `after_id`, `before_id` as Anthropic's clients do.
 * Throws `ClientError` (400) for cursors that are in no list.
 */
export function modelList(config: RouterConfig, query: URLSearchParams): unknown {
  const models = listModels(config);
  const limit = pageSize(query.get('limit'), 'limit');
  const after = query.get('after_id');
  const before = query.get('before_id');
  const from = after === null ? 0 : cursor(models, after, 'after_id') + 1;
  const to = before === null ? models.length : cursor(models, before, 'before_id');
  // A page before a cursor ends at it.
  const backwards = before !== null && after === null;
  const page = backwards
    ? models.slice(Math.max(from, to - limit), to)
    : models.slice(from, Math.min(to, from + limit));
  const data = page.map((model) => modelEntry(config, model));
  return {
    object: 'list',
    data,
    has_more: page.length < to - from,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

export function modelEntry(config: RouterConfig, model: ListedModel): ModelEntry {
  const facts = factsOf(config, model.target);
  const entry: ModelEntry = {
    id: model.id,
    type: 'model',
    object: 'model',
    display_name: model.name,
    description: model.description.slice(0, 100),
    created_at: created,
    created: Date.parse(created) / 1000,
    owned_by: 'switchyard',
    supported_endpoint_types: endpointsOf(facts),
  };
  if (facts.context !== undefined) {
    entry.context_window = facts.context;
    entry.max_input_tokens = facts.context;
  }
  if (facts.maxOutput !== undefined) entry.max_tokens = facts.maxOutput;
  return entry;
}

/** Google's list, in pages by `pageSize` and `pageToken`. Throws `ClientError` (400) for tokens that we did not give. */
export function googleModelList(config: RouterConfig, query: URLSearchParams): unknown {
  const models = listModels(config);
  const size = pageSize(query.get('pageSize'), 'pageSize');
  const token = query.get('pageToken') ?? '';
  const from = token === '' ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0 || from > models.length)
    throw new ClientError(400, 'invalid_request_error', 'Invalid page token.');
  const to = from + size;
  return {
    models: models.slice(from, to).map((model) => googleModelEntry(config, model)),
    ...(to < models.length ? { nextPageToken: String(to) } : {}),
  };
}

export function googleModelEntry(config: RouterConfig, model: ListedModel): GoogleEntry {
  const facts = factsOf(config, model.target);
  const entry: GoogleEntry = {
    name: `models/${model.id}`,
    version: '1',
    displayName: model.name,
    description: model.description,
    supportedGenerationMethods: facts.embeds
      ? ['embedContent', 'batchEmbedContents']
      : ['generateContent', 'streamGenerateContent', 'countTokens'],
  };
  if (facts.context !== undefined) entry.inputTokenLimit = facts.context;
  if (facts.maxOutput !== undefined) entry.outputTokenLimit = facts.maxOutput;
  return entry;
}

/** All dialects are served; the one that needs no conversion stands first. */
function endpointsOf(facts: TargetFacts): string[] {
  if (facts.embeds) return ['embeddings'];
  const own = facts.dialects.map((dialect) => endpointTypes[dialect]);
  return [...new Set([...own, ...Object.values(endpointTypes)])];
}

/** Without a wish all on one page: most clients ask for no second one. */
function pageSize(text: string | null, name: string): number {
  if (text === null || text === '') return Number.POSITIVE_INFINITY;
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1)
    throw new ClientError(400, 'invalid_request_error', `${name}: a whole number from 1 on is expected.`);
  return Math.min(size, longestPage);
}

function cursor(models: readonly ListedModel[], id: string, name: string): number {
  const at = models.findIndex((model) => model.id === id);
  if (at === -1)
    throw new ClientError(400, 'invalid_request_error', `${name}: there is no such model in this list.`);
  return at;
}
