// How many tokens a request has, for clients of any dialect that ask: the provider's own count where it has one, else an
// estimate that errs on the high side.
import { clip } from '../clip.ts';
import { messagesPath } from '../dialects/anthropic/relay.ts';
import type { ClientDialect, TokenCounting } from '../dialects/dialect.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { upstreamDialect } from '../dialects/registry.ts';
import { replaceTopLevelString } from '../json/top-level.ts';
import type { Deployment } from '../routing/candidates.ts';
import { estimateInStretches } from '../tokens/estimate.ts';
import { highRules, plainRules } from '../tokens/rules.ts';
import { readAll } from './bytes.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import type { GatewayContext } from './context.ts';
import { type EncodedAttempt, relayedHeaders, targetProfile, writtenHeaders } from './encode-attempt.ts';
import { askerOf, planExchange } from './plan.ts';
import { decisionHeaders, overheadHeader } from './route-headers.ts';
import { upstreamUrl, withoutCredential } from './upstream-url.ts';

/**
 * Providers that can't be asked, and single models (`provider/model`) that were not found: they are not asked again
 * while the configuration is in force.
 */
export type CountlessProviders = Set<string>;

/** Clients may name any model: beyond this number no more are remembered. */
const mostCountless = 1_000;

export interface CountRequest {
  context: GatewayContext;
  client: ClientDialect;
  request: ClientRequest;
  response: ClientResponse;
  hub: HubRequest;
  startedAt: number;
  learnt: { countless: CountlessProviders };
}

/** Claude Code asks up to 31 times at once and falls back to an estimate of its own: patience is short. */
const patience = 5_000;
const encoder = new TextEncoder();

export async function serveCountTokens(asked: CountRequest): Promise<undefined> {
  const { context, client, request, response, hub } = asked;
  const { config, tokens, dispatch, clock } = context;
  const plan = planExchange(config, hub, askerOf(context, request), tokens, dispatch);
  const deployment =
    plan.candidates.find((candidate) => context.health.of(candidate).state === 'ok') ?? plan.candidates[0];
  const askedAt = clock.now();
  const counted = deployment && (await askProvider(asked, deployment));
  const waited = clock.now() - askedAt;
  const answer = client.encodeTokenCount?.(counted ?? (await estimate(asked, deployment)));
  response.writeHead(200, {
    'content-type': 'application/json',
    ...decisionHeaders(plan.decision, counted === undefined ? undefined : deployment),
    ...overheadHeader(clock.now() - asked.startedAt - waited),
  });
  response.end(JSON.stringify(answer));
}

/** Too high is harmless (an early compaction), too low overruns the window. */
function estimate({ context, hub }: CountRequest, deployment: Deployment | undefined): Promise<number> {
  const rules = deployment ? highRules(deployment.provider.dialect, deployment.model.id) : plainRules;
  const pause = () => new Promise<void>((resume) => context.clock.after(0, resume));
  return estimateInStretches(hub, rules, pause);
}

async function askProvider(asked: CountRequest, deployment: Deployment): Promise<number | undefined> {
  const { context, request } = asked;
  const { countless } = asked.learnt;
  const { provider } = deployment;
  const counting = upstreamDialect(provider.dialect)?.tokenCount;
  if (!counting || provider.quirks.tokenCount === 'none') return undefined;
  const named = `${provider.name}/${deployment.model.id}`;
  if (countless.has(provider.name) || countless.has(named)) return undefined;
  // Without its key it would only refuse; and one that must not get the key shall not get the prompt either.
  if (context.health.ofKey(provider, deployment.key).state === 'out') return undefined;
  const abort = new AbortController();
  const leave = () => abort.abort();
  request.signal.addEventListener('abort', leave);
  const cancel = context.clock.after(patience, leave);
  try {
    const answer = await context.transport.send({
      ...question(asked, deployment, counting),
      method: 'POST',
      ...(provider.proxy === undefined ? {} : { proxy: provider.proxy }),
      connectTimeout: provider.timeout.connect,
      signal: abort.signal,
    });
    const body = await readAll(answer.body, 1024 * 1024, 'cut');
    const counted = answer.status === 200 ? readCount(body, counting) : undefined;
    if (counted === undefined && unable.has(answer.status)) {
      // It may be the model that is not found.
      const what = answer.status === 404 ? named : provider.name;
      if (countless.size < mostCountless) countless.add(what);
      context.log('info', `${clip(what)} does not count tokens (${answer.status}); estimates are used`);
    }
    return counted;
  } catch {
    return undefined;
  } finally {
    cancel();
    request.signal.removeEventListener('abort', leave);
  }
}

/** Statuses of an answer without a count that mean: there will never be one. */
const unable: ReadonlySet<number> = new Set([200, 404, 405, 501]);

/** An Anthropic client's own bytes travel on to an Anthropic upstream; everything else is written anew. */
function question(
  { context, client, request, hub }: CountRequest,
  deployment: Deployment,
  counting: TokenCounting,
): Pick<EncodedAttempt, 'url' | 'headers' | 'body'> {
  const { provider, key, model } = deployment;
  const secret = key.reference === 'none' ? undefined : context.readKey(key.reference, provider.baseUrl);
  if (client.id === 'anthropic' && provider.dialect === 'anthropic')
    return {
      url: upstreamUrl(
        provider.baseUrl,
        `${messagesPath}/count_tokens`,
        model.id,
        withoutCredential(request.query).toString(),
      ),
      headers: relayedHeaders(request, provider, secret),
      body: [replaceTopLevelString(request.body, 'model', model.id) ?? request.body],
    };
  const { path, body } = counting.encodeRequest(hub, targetProfile(deployment, context.config.dropParams));
  return {
    url: upstreamUrl(provider.baseUrl, path, model.id),
    headers: writtenHeaders(provider, secret, context.version, false),
    body: [encoder.encode(JSON.stringify(body))],
  };
}

/** A zero is no count: some relays answer it for "I don't know". */
function readCount(body: Uint8Array, counting: TokenCounting): number | undefined {
  try {
    const counted = counting.decodeCount(JSON.parse(new TextDecoder().decode(body)));
    return counted !== undefined && counted > 0 ? counted : undefined;
  } catch {
    return undefined;
  }
}
