// Questions to a provider that may not be configured yet: which models are there, and does this key work?
import type { Clock } from '../clock.ts';
import { presetOf } from '../config/presets.ts';
import type { DialectId } from '../dialects/dialect.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { plainQuirks, type Quirks } from '../dialects/quirks.ts';
import { upstreamDialect } from '../dialects/registry.ts';
import type { TargetProfile } from '../dialects/target-profile.ts';
import type { Transport, UpstreamRequest } from '../gateway/transport.ts';
import { authHeaders } from '../gateway/upstream-headers.ts';
import { upstreamUrl } from '../gateway/upstream-url.ts';
import { describeRefusal, isWebPage, ProbeError } from './describe.ts';
import { type ListedModel, readModelList } from './model-list.ts';

/** A place to ask. The key is the value itself; it goes nowhere but to `baseUrl`. */
export interface ProbeTarget {
  preset?: string;
  dialect: DialectId;
  /** Normalised for the dialect. */
  baseUrl: string;
  key?: string;
  headers?: Record<string, string>;
  proxy?: string;
}

export interface ProbeDeps {
  transport: Transport;
  clock: Clock;
}

/** Seconds. */
const connectTimeout = 10;
const listTimeout = 20;
const testTimeout = 60;
/** Bytes. OpenRouter's list has about 1 MB. */
const largestAnswer = 16 * 1024 * 1024;

/** The models that a provider offers. Rejects with `ProbeError`, or `UpstreamFailure` when nothing answered. */
export async function listModels(deps: ProbeDeps, target: ProbeTarget): Promise<ListedModel[]> {
  let refusal: ProbeError | undefined;
  for (const url of listUrls(target)) {
    const answer = await ask(deps, target, { url, method: 'GET' }, listTimeout);
    const models = answer.status < 300 ? readModelList(parse(answer.body)) : undefined;
    if (models) return models;
    refusal ??=
      answer.status < 300
        ? new ProbeError(noList(answer.body))
        : describeRefusal(target.dialect, answer.status, answer.body, target.key);
    // Anything but "not here" would be the same at the other address.
    if (answer.status >= 300 && answer.status !== 404 && answer.status !== 405) break;
  }
  throw refusal ?? new ProbeError('The provider has no list of models.');
}

/** One tiny request to `model`. Rejects like `listModels`. */
export async function testProvider(
  deps: ProbeDeps,
  target: ProbeTarget,
  model: string,
): Promise<{ milliseconds: number; answer: string }> {
  const dialect = upstreamDialect(target.dialect);
  if (!dialect) throw new ProbeError(`The dialect ${target.dialect} cannot be tested yet.`);
  const encoded = dialect.encodeRequest(tinyRequest(model), profileOf(target, model));
  const startedAt = deps.clock.now();
  const body = [new TextEncoder().encode(JSON.stringify(encoded.body))];
  const url = upstreamUrl(target.baseUrl, encoded.path, model);
  const answer = await ask(deps, target, { url, method: 'POST', body }, testTimeout);
  const milliseconds = deps.clock.now() - startedAt;
  if (answer.status >= 300) throw describeRefusal(target.dialect, answer.status, answer.body, target.key);
  const message = dialect.decodeResponse(parse(answer.body), {
    model,
    provider: target.preset ?? 'probe',
    memory: encoded.memory,
    random: { fraction: () => 0, id: (prefix) => `${prefix}probe` },
    estimatedInputTokens: 0,
  });
  const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  return { milliseconds, answer: text.replace(/\s+/g, ' ').trim().slice(0, 200) || 'an answer without text' };
}

function tinyRequest(model: string): HubRequest {
  // Large enough for models that think before they answer, and above the least that some providers take.
  return {
    model,
    max_tokens: 64,
    messages: [{ role: 'user', content: 'Reply with the single word: ready' }],
  };
}

function profileOf(target: ProbeTarget, model: string): TargetProfile {
  return {
    provider: target.preset ?? 'probe',
    model,
    quirks: quirksOf(target),
    vision: false,
    pdf: false,
    params: {},
    dropParams: true,
  };
}

/** The preset's quirks, if it is used with one of its own dialects. */
function quirksOf(target: ProbeTarget): Quirks {
  const preset = presetOf(target.preset);
  const own = preset?.dialect === target.dialect ? preset : preset?.alternatives?.[target.dialect];
  return { ...plainQuirks, ...own?.quirks };
}

/** Where the list may be: the preset's own place, then the dialect's. Nothing lists Azure's deployments. */
function listUrls(target: ProbeTarget): string[] {
  const { baseUrl, dialect } = target;
  const preset = presetOf(target.preset);
  const own = (preset?.dialect === dialect ? preset : preset?.alternatives?.[dialect])?.modelsPath;
  if (own === null || baseUrl.includes('/deployments/')) return [];
  const paths = dialect === 'anthropic' ? ['/v1/models', '/models'] : ['/models'];
  // Anthropic gives twenty models and Google fifty unless asked for more.
  const more = dialect === 'anthropic' ? '?limit=1000' : dialect === 'gemini' ? '?pageSize=1000' : '';
  const urls = [...(own === undefined ? [] : [own]), ...paths].map((path) =>
    // A whole URL must stay on the host that the key was entered for.
    path.startsWith('/') ? upstreamUrl(baseUrl, path, '', more) : sameHost(path, baseUrl),
  );
  return [...new Set(urls.filter((url) => url !== undefined))];
}

function sameHost(url: string, baseUrl: string): string | undefined {
  return new URL(url).host === new URL(baseUrl).host ? url : undefined;
}

type Question = Pick<UpstreamRequest, 'url' | 'method' | 'body'>;

async function ask(
  deps: ProbeDeps,
  target: ProbeTarget,
  question: Question,
  timeout: number,
): Promise<{ status: number; body: string }> {
  const abort = new AbortController();
  const late = new ProbeError(`No answer within ${timeout} seconds.`);
  const cancel = deps.clock.after(timeout * 1000, () => abort.abort(late));
  try {
    const response = await deps.transport.send({
      ...question,
      headers: {
        accept: 'application/json',
        ...(question.body ? { 'content-type': 'application/json' } : {}),
        ...(target.dialect === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {}),
        ...target.headers,
        ...authHeaders(
          { dialect: target.dialect, baseUrl: target.baseUrl, quirks: quirksOf(target) },
          target.key,
        ),
      },
      ...(target.proxy === undefined ? {} : { proxy: target.proxy }),
      connectTimeout,
      signal: abort.signal,
    });
    return { status: response.status, body: await readText(response.body) };
  } catch (error) {
    throw abort.signal.aborted ? late : error;
  } finally {
    cancel();
  }
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > largestAnswer) throw new ProbeError('The answer is too large.');
  }
  return text + decoder.decode();
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function noList(body: string): string {
  return isWebPage(body)
    ? 'The address answers with a web page; check the base URL.'
    : 'The address does not answer with a list of models.';
}
