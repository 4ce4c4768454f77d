// Requests with something in them that can't be converted: only upstreams of the client's own dialect may serve them.
import type { ClientError } from '../client-error.ts';
import type { ClientDialect } from '../dialects/dialect.ts';
import type { Deployment } from '../routing/candidates.ts';

export interface Carriers {
  candidates: readonly Deployment[];
  /** Sentences for the log: who was passed over, and why. */
  hints: string[];
}

/**
 * @param carried the refusals for what only the client's own dialect has words for; empty for most requests
 * @throws the first of them when no candidate speaks that dialect
 */
export function carriersOf(
  candidates: readonly Deployment[],
  client: ClientDialect,
  carried: readonly ClientError[],
): Carriers {
  const [reason] = carried;
  if (!reason) return { candidates, hints: [] };
  const able = candidates.filter((candidate) => canCarry(candidate, client, carried));
  if (able.length === 0) throw reason;
  const others = candidates.filter((candidate) => !able.includes(candidate));
  const hints = others.map(
    ({ provider, model }) =>
      `${provider.name}/${model.id} passed over, because it speaks ${provider.dialect}: ${reason.message}`,
  );
  return { candidates: able, hints: [...new Set(hints)] };
}

/** The deployment may serve the request. */
export function canCarry(
  { provider }: Deployment,
  client: ClientDialect,
  carried: readonly ClientError[],
): boolean {
  return carried.length === 0 || (client.relay !== undefined && provider.dialect === client.id);
}
