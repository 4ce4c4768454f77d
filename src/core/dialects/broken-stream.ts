// What is said of streams that end without an end.
import type { HubErrorEvent } from './hub.ts';

export const cutOff = 'The connection to the provider broke off before the answer was complete';
export const emptyStream = 'The provider sent an empty stream';

export function brokenStream(message: string): HubErrorEvent {
  return { type: 'error', error: { type: 'api_error', message } };
}
