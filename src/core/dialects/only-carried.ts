// Some of what a client may ask has no place in the hub, but an upstream of the client's own dialect can be given it as it
// stands: several choices, sound, files that lie there, conversations that are stored there.
import type { ClientError } from '../client-error.ts';
import type { JsonObject } from '../json/values.ts';

/** The refusals for all upstreams of other dialects. Undefined: nobody can be asked to carry it. */
export type Carried = ClientError[] | undefined;

/** Notes `refusal`, or throws it when there is no place for it. Returns what stands in the hub's form instead. */
export function onlyCarried(refusal: ClientError, carried: Carried): JsonObject[] {
  if (!carried) throw refusal;
  carried.push(refusal);
  return [{ type: 'text', text: '[something that only the provider knows]' }];
}
