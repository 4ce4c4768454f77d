// POST /v1/messages/count_tokens: the provider's own count where it has one, else an estimate that errs on the high side.
import { messagesPath } from '../dialects/anthropic/relay.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { replaceTopLevelString } from '../json/top-level.ts';
import type { Deployment } from '../routing/candidates.ts';
import { countTokensHigh } from '../routing/token-estimate.ts';
import { readAll } from './bytes.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import type { GatewayContext } from './context.ts';
import { relayedHeaders } from './encode-attempt.ts';

import { askerOf, planExchange } from './plan.ts';
import { upstreamUrl, withoutCredential } from './upstream-url.ts';

/** Providers that answered the question with an error: they are not asked again while the router runs. */
export type CountlessProviders = Set<string>;

/** Claude Code asks up to 31 times at once and falls back to an estimate of its own: patience is short. */
const patience = 5_000;

export async function serveCountTokens(
  context: GatewayContext,
  request: ClientRequest,
  response: ClientResponse,
  hub: HubRequest,
  countless: CountlessProviders,
): Promise<void> {
  const { config, tokens, dispatch } = context;
  const plan = planExchange(config, hub, askerOf(context, request), tokens, dispatch);
  const deployment = plan.candidates.find((candidate) => context.health.of(candidate).state === 'ok');
  const counted = deployment && (await askProvider(context, request, deployment, countless));
  const inputTokens = counted ?? countTokensHigh(hub);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ input_tokens: inputTokens }));
}

async function askProvider(
  context: GatewayContext,
  request: ClientRequest,
  deployment: Deployment,
  countless: CountlessProviders,
): Promise<number | undefined> {
  const { provider, key, model } = deployment;
  if (provider.dialect !== 'anthropic' || countless.has(provider.name)) return undefined;
  const abort = new AbortController();
  const leave = () => abort.abort();
  request.signal.addEventListener('abort', leave);
  const cancel = context.clock.after(patience, leave);
  try {
    const answer = await context.transport.send({
      url: upstreamUrl(
        provider.baseUrl,
        `${messagesPath}/count_tokens`,
        model.id,
        withoutCredential(request.query).toString(),
      ),
      method: 'POST',
      headers: relayedHeaders(
        request,
        provider,
        key.reference === 'none' ? undefined : context.readKey(key.reference),
      ),
      body: replaceTopLevelString(request.body, 'model', model.id) ?? request.body,
      ...(provider.proxy === undefined ? {} : { proxy: provider.proxy }),
      connectTimeout: provider.timeout.connect,
      signal: abort.signal,
    });
    const body = await readAll(answer.body, 1024 * 1024, 'cut');
    const counted = answer.status === 200 ? readCount(body) : undefined;
    if (
      counted === undefined &&
      (answer.status === 200 || answer.status === 404 || answer.status === 405 || answer.status === 501)
    ) {
      countless.add(provider.name);
      context.log('info', `${provider.name} does not count tokens (${answer.status}); estimates are used`);
    }
    return counted;
  } catch {
    return undefined;
  } finally {
    cancel();
    request.signal.removeEventListener('abort', leave);
  }
}

/** A zero is no count: some relays answer it for "I don't know". */
function readCount(body: Uint8Array): number | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (typeof value !== 'object' || value === null || !('input_tokens' in value)) return undefined;
    return typeof value.input_tokens === 'number' && value.input_tokens > 0 ? value.input_tokens : undefined;
  } catch {
    return undefined;
  }
}
