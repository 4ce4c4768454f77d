// From a parsed request to a decision and the deployments that may serve it: what messages and count_tokens share.
import { ClientError } from '../client-error.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { candidatesOf, type Deployment, describeTarget } from '../routing/candidates.ts';
import { decideRoute, imageRoute, type RouteDecision } from '../routing/decide.ts';
import { describeRequest, type RequestDescription } from '../routing/describe.ts';
import type { SessionTokens } from '../routing/session-tokens.ts';

export interface Plan {
  description: RequestDescription;
  decision: RouteDecision;
  candidates: Deployment[];
  /** Estimated input tokens; counted at the first call. */
  inputTokens: () => number;
}

/**
 * Plans an exchange. `size`: bytes of the request's body.
 * @throws ClientError (404, 503) when no deployment could ever serve it.
 */
export function planExchange(
  config: RouterConfig,
  hub: HubRequest,
  headers: Readonly<Record<string, string>>,
  tokens: SessionTokens,
  size: number,
): Plan {
  const description = describeRequest(hub, headers);
  let counted: number | undefined;
  const inputTokens = () => {
    counted ??= tokens.estimate(hub, description);
    return counted;
  };
  const decision = decideRoute({ config, request: description, inputTokens, size });
  if (!decision)
    throw new ClientError(
      503,
      'api_error',
      'Switchyard has no provider with a model yet: run "Switchyard: Add Provider…".',
      {
        'x-should-retry': 'false',
      },
    );
  const candidates = candidatesOf(config, decision.target);
  const image = imageRoute(config, description, candidates.some(canSee));
  const plan: Plan = image
    ? {
        description,
        decision: { ...image, hints: decision.hints },
        candidates: candidatesOf(config, image.target),
        inputTokens,
      }
    : { description, decision, candidates, inputTokens };
  // The others still serve, with placeholders for what they can't see.
  if (description.media) plan.candidates = inFront(plan.candidates, canSee);
  // The others have the last word on whether it fits: windows and counts are only what is known of them.
  if (mayOverrun(plan.candidates, size))
    plan.candidates = inFront(plan.candidates, ({ model }) => inputTokens() <= windowOf(model));
  if (plan.candidates.length === 0) {
    const { target } = plan.decision;
    throw new ClientError(
      404,
      'not_found_error',
      `No enabled provider serves ${describeTarget(target)} (route ${plan.decision.route}).`,
    );
  }
  return plan;
}

/** Counting costs time: only where a token of two bytes would not fit some, and others have more room. */
function mayOverrun(candidates: readonly Deployment[], size: number): boolean {
  const windows = candidates.map(({ model }) => windowOf(model));
  const smallest = Math.min(...windows);
  return size / 2 > smallest && windows.some((window) => window > smallest);
}

/** What is not known is not a limit. */
function windowOf(model: Deployment['model']): number {
  return model.context ?? Number.POSITIVE_INFINITY;
}

/** Those that pass first, in unchanged order. */
function inFront(candidates: readonly Deployment[], pass: (each: Deployment) => boolean): Deployment[] {
  return [...candidates.filter(pass), ...candidates.filter((each) => !pass(each))];
}

function canSee(deployment: Deployment): boolean {
  return deployment.model.vision;
}
