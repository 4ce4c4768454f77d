// POST /v1/messages and its like in the other dialects: what is asked is a turn of a conversation.
import type { ClientError } from '../client-error.ts';
import type { ClientDialect } from '../dialects/dialect.ts';
import type { HubRequest } from '../dialects/hub.ts';
import type { Failure } from '../failure.ts';
import { toldSize } from '../resilience/prompt-size.ts';
import type { Deployment } from '../routing/candidates.ts';
import { surelyFits } from '../routing/context-fallbacks.ts';
import { runAttempt } from './attempt.ts';
import type { AttemptInput, Committed } from './attempt-input.ts';
import { canCarry, carriersOf } from './carriers.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import type { GatewayContext } from './context.ts';
import { runEchoedAttempt } from './echoed-attempt.ts';
import { encodeAttempt } from './encode-attempt.ts';
import type { Rest } from './finish-exchange.ts';
import { runMendedAttempt } from './mended-attempt.ts';
import { askerOf, type Plan, planExchange } from './plan.ts';
import { type AttemptCall, serveExchange } from './serve-exchange.ts';

export interface MessagesRequest {
  context: GatewayContext;
  client: ClientDialect;
  request: ClientRequest;
  response: ClientResponse;
  /** The client's own body. */
  body: Readonly<Record<string, unknown>>;
  hub: HubRequest;
  /** The refusals for what only an upstream of the client's own dialect can be given. */
  carried: readonly ClientError[];
  startedAt: number;
}

/** Serves one conversation's turn up to the begin of its answer. Throws `ClientError` only before anything was sent. */
export function serveMessages(asked: MessagesRequest): Promise<Rest | undefined> {
  const { context, client, request, hub, carried } = asked;
  const { config, tokens, dispatch } = context;
  const plan = planExchange(config, hub, askerOf(context, request), tokens, dispatch);
  const { candidates, hints } = carriersOf(plan.candidates, client, carried);
  return serveExchange({
    ...asked,
    asked: plan.description,
    decision: { ...plan.decision, hints: [...plan.decision.hints, ...hints] },
    ...(plan.profile !== undefined && { profile: plan.profile }),
    dispatch: plan.dispatch,
    candidates,
    wider: (failure) => widerThan(plan, failure).filter((each) => canCarry(each, client, carried)),
    attempt: (deployment, call) => attemptOn(asked, plan, deployment, call),
    letGo: plan.letGo,
    onUsage: tokens.recorder(hub, plan.description),
  });
}

/** Where a prompt that was refused as too long may fit: other members with a known window, then context fallbacks. */
function widerThan({ candidates, wider, inputTokens }: Plan, failure: Failure): Deployment[] {
  const { asked, most = 0 } = toldSize(failure.message);
  const needed = asked ?? Math.max(inputTokens(), most + 1);
  return [...candidates.filter((each) => surelyFits(each, needed)), ...wider(needed)];
}

function attemptOn(
  asked: MessagesRequest,
  plan: Plan,
  deployment: Deployment,
  call: AttemptCall,
): Promise<Committed> {
  const { context, client, request, body, startedAt } = asked;
  return runMendedAttempt({
    deployment,
    session: plan.description.session,
    book: context.remedies,
    encode: (remedies) =>
      encodeAttempt({
        client,
        request,
        body,
        hub: plan.hub,
        rewritten: plan.hub !== asked.hub,
        mustRelay: asked.carried.length > 0,
        deployment,
        key: call.key,
        dropParams: context.config.dropParams,
        remedies,
        version: context.version,
      }),
    onMend: call.mended,
    run(encoded) {
      for (const note of encoded.notes) call.note(note);
      const input: AttemptInput = {
        transport: call.transport,
        clock: context.clock,
        random: context.random,
        log: context.log,
        client,
        asked: { body, at: startedAt },
        deployment,
        encoded,
        errorRules: context.config.errorRules,
        stream: plan.description.stream,
        model: plan.description.model,
        estimatedInputTokens: plan.inputTokens,
        signal: request.signal,
      };
      const { echoed } = encoded.memory;
      return echoed ? runEchoedAttempt(input, echoed) : runAttempt(input);
    },
  });
}
