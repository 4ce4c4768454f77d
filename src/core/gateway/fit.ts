// Which deployments can take all of a request. The others are not left out: what is known of them may be wrong, and they
// serve with placeholders or shortened when nothing else is left.
import type { HubRequest } from '../dialects/hub.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { RequestDescription } from '../routing/describe.ts';

/** What a deployment has to be fit for. */
export interface Load {
  hub: HubRequest;
  description: Pick<RequestDescription, 'tools' | 'media' | 'pdf'>;
  /** Estimated tokens of the prompt; counting takes time. */
  inputTokens: () => number;
  /** Bytes of the request's body. */
  size: number;
}

/** Those that can take all of the request first, in unchanged order. */
export function fittingFirst(
  candidates: readonly Deployment[],
  { hub, description, inputTokens, size }: Load,
): Deployment[] {
  let sorted = [...candidates];
  // Calls would come as text, if at all.
  if (description.tools) sorted = inFront(sorted, ({ model }) => model.tools);
  // They get placeholders for what they can't see.
  if (description.media) sorted = inFront(sorted, readsMedia);
  if (description.pdf) sorted = inFront(sorted, ({ model }) => model.pdf);
  // They have the last word on whether it fits: windows and counts are only what is known of them.
  const wish = typeof hub.max_tokens === 'number' ? hub.max_tokens : 0;
  if (mayOverrun(sorted, size, wish))
    sorted = inFront(sorted, ({ model }) => inputTokens() <= roomFor(model, wish));
  return sorted;
}

export function readsMedia({ model }: Deployment): boolean {
  return model.vision;
}

/** Those that pass first, in unchanged order. */
function inFront(candidates: readonly Deployment[], pass: (each: Deployment) => boolean): Deployment[] {
  return [...candidates.filter(pass), ...candidates.filter((each) => !pass(each))];
}

/** Counting costs time: only where a token of two bytes would not fit some, and others have more room. */
function mayOverrun(candidates: readonly Deployment[], size: number, wish: number): boolean {
  const rooms = candidates.map(({ model }) => roomFor(model, wish));
  const smallest = Math.min(...rooms);
  return size / 2 > smallest && rooms.some((room) => room > smallest);
}

/** Clients ask for far more output than they need: no wish takes a larger part of the window from the prompt. */
const largestOutputShare = 1 / 4;

/**
 * Tokens of a prompt that fit a model's window beside its output; what is not known is not a limit. `wish`: the output
 * that the client allows.
 */
function roomFor({ context, maxOutput }: Deployment['model'], wish: number): number {
  if (context === undefined) return Number.POSITIVE_INFINITY;
  return context - Math.min(wish, maxOutput ?? wish, context * largestOutputShare);
}
