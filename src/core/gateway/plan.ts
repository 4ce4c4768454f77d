// From a parsed request to a decision and the deployments that may serve it: what messages and count_tokens share.
import { ClientError } from '../client-error.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { candidatesOf, type Deployment, describeTarget } from '../routing/candidates.ts';
import { decideRoute, imageRoute, type RouteDecision } from '../routing/decide.ts';
import { describeRequest, type RequestDescription } from '../routing/describe.ts';
import { defaultBeatsAliases, type InForce, inForce, ownerOf, profileHeader } from '../routing/profiles.ts';
import { decoded, ruleFacts } from '../routing/rule-facts.ts';
import type { SessionTokens } from '../routing/session-tokens.ts';
import { withoutSubagentTags } from '../routing/subagent-tag.ts';
import type { ClientRequest } from './client.ts';
import type { GatewayContext } from './context.ts';

/** Who asks, and how. */
export interface Asker {
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  /** Which of the configured clients; undefined for the main token. */
  clientName?: string;
  /** Bytes of the request's body. */
  size: number;
  /** Milliseconds since the epoch. */
  now: number;
}

export function askerOf(context: Pick<GatewayContext, 'clock'>, request: ClientRequest): Asker {
  const { headers, clientName, body } = request;
  const asker: Asker = { headers, size: body.length, now: context.clock.now() };
  if (clientName !== undefined) asker.clientName = clientName;
  return asker;
}

export interface Plan {
  description: RequestDescription;
  decision: RouteDecision;
  candidates: Deployment[];
  /** What goes upstream: the request, or a copy that differs where the decision says so. */
  hub: HubRequest;
  /** The profile that was in force. */
  profile?: string;
  /** Estimated input tokens; counted at the first call. */
  inputTokens: () => number;
}

/**
 * Plans an exchange.
 * @throws ClientError (404, 503) when no deployment could ever serve it.
 */
export function planExchange(
  file: RouterConfig,
  asked: HubRequest,
  asker: Asker,
  tokens: SessionTokens,
): Plan {
  const { headers, clientName, size } = asker;
  const description = describeRequest(asked, headers);
  let counted: number | undefined;
  const inputTokens = () => {
    counted ??= tokens.estimate(asked, description);
    return counted;
  };
  const client = file.clients.find((each) => each.name === clientName);
  const force = inForce(file, client, decoded(headers[profileHeader]));
  const { config } = force;
  const decision = decideRoute({
    config,
    request: description,
    inputTokens,
    size,
    facts: () => ruleFacts({ hub: asked, request: description, inputTokens, ...asker }),
    defaultBeatsAliases: defaultBeatsAliases(force),
  });
  if (!decision)
    throw new ClientError(
      503,
      'api_error',
      'Switchyard has no provider with a model yet: run "Switchyard: Add Provider…".',
      {
        'x-should-retry': 'false',
      },
    );
  decision.hints.unshift(...force.hints);
  const hub = asDecided(asked, description, decision);
  const candidates = candidatesOf(config, decision.target);
  const image = imageRoute(config, description, candidates.some(canSee));
  const shared = { description, hub, inputTokens, ...(force.profile && { profile: force.profile.name }) };
  const plan: Plan = image
    ? {
        ...shared,
        decision: { ...decision, ...image },
        candidates: candidatesOf(config, image.target),
      }
    : { ...shared, decision, candidates };
  plan.decision.reason += ownerWords(force, plan.decision);
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

/** The request without tags that were meant for us, and with the effort that a rule sets. Unchanged parts are shared. */
function asDecided(
  asked: HubRequest,
  description: RequestDescription,
  { effort }: RouteDecision,
): HubRequest {
  const hub = description.taggedModel === undefined ? asked : withoutSubagentTags(asked);
  if (effort === undefined || effort === description.effort) return hub;
  return { ...hub, output_config: { ...hub.output_config, effort } };
}

/** Whose route it was, where it is not the file's own. */
function ownerWords(force: InForce, { route }: RouteDecision): string {
  if (route === 'explicit' || route === 'rule') return '';
  const owner = ownerOf(force, route);
  return owner === '' ? '' : ` (${owner})`;
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
