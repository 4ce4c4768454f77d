// From a parsed request to a decision and the deployments that may serve it: what messages and count_tokens share.
import type { Dispatch } from '../balance/dispatch.ts';
import { sessionKey } from '../balance/session-key.ts';
import { ClientError } from '../client-error.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { Target } from '../config/target.ts';
import type { HubRequest } from '../dialects/hub.ts';
import { type Deployment, describeTarget } from '../routing/candidates.ts';
import { contextFallbacksOf, mayFit } from '../routing/context-fallbacks.ts';
import { decideRoute, imageRoute, type RouteDecision } from '../routing/decide.ts';
import { describeRequest, type RequestDescription } from '../routing/describe.ts';
import { defaultBeatsAliases, type InForce, inForce, ownerOf, profileHeader } from '../routing/profiles.ts';
import { decoded, ruleFacts } from '../routing/rule-facts.ts';
import type { SessionTokens } from '../routing/session-tokens.ts';
import { withoutSubagentTags } from '../routing/subagent-tag.ts';
import { lateCount } from '../tokens/late-count.ts';
import type { ClientRequest } from './client.ts';
import type { Dispatcher, GatewayContext } from './context.ts';
import { fittingFirst, readsMedia } from './fit.ts';

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
  dispatch: Dispatch;
  candidates: Deployment[];
  /** What goes upstream: the request, or a copy that differs where the decision says so. */
  hub: HubRequest;
  /** The profile that was in force. */
  profile?: string;
  /** Estimated input tokens; counted at the first call. */
  inputTokens: () => number;
  /** They will not be asked for any more: the request need not be held for them. */
  letGo(): void;
  /** The context fallbacks' deployments that may fit so many tokens, in the order in which they are tried. */
  wider(tokens: number): Deployment[];
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
  dispatcher: Dispatcher,
): Plan {
  const { headers, clientName, size } = asker;
  const description = describeRequest(asked, headers);
  const { count: inputTokens, letGo } = lateCount(() => tokens.estimate(asked, description));
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
  const session = sessionKey(asked, description, size);
  const dispatchTo = (target: Target) =>
    dispatcher({
      config,
      target,
      kind: description.stream ? 'stream' : 'whole',
      ...(session === undefined ? {} : { session }),
      // The last turn's alone are looked at.
      isException: description.media,
      tokens: inputTokens,
      size,
    });
  const first = dispatchTo(decision.target);
  const image = imageRoute(config, description, first.candidates.some(readsMedia));
  const routed = image ? { ...decision, ...image } : decision;
  routed.reason += ownerWords(force, routed);
  const dispatch = image ? dispatchTo(image.target) : first;
  const fitting = fittingFirst(dispatch.candidates, { hub, description, inputTokens, size });
  const wider = (needed: number) =>
    contextFallbacksOf(config, routed.target)
      .flatMap((target) => dispatch.candidatesOf(target))
      .filter((deployment) => mayFit(deployment, needed));
  const candidates =
    description.requestClass === 'compaction' ? summarizing(fitting, inputTokens, wider) : fitting;
  if (candidates.length === 0)
    throw new ClientError(
      404,
      'not_found_error',
      `No enabled provider serves ${describeTarget(routed.target)} (route ${routed.route}).`,
    );
  const profile = force.profile && { profile: force.profile.name };
  return { description, hub, inputTokens, letGo, decision: routed, dispatch, candidates, wider, ...profile };
}

/** A summary of a conversation needs room for itself. */
const roomForSummary = 1.1;

/** A conversation that hardly fits any of its windows is summarized by a context fallback first of all. */
function summarizing(
  candidates: Deployment[],
  inputTokens: () => number,
  wider: Plan['wider'],
): Deployment[] {
  const windows = candidates.map(({ model }) => model.context ?? Number.POSITIVE_INFINITY);
  const needed = inputTokens() * roomForSummary;
  if (needed <= Math.max(...windows)) return candidates;
  const first = wider(needed);
  return [...first, ...candidates.filter(({ id }) => !first.some((each) => each.id === id))];
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
