// The Anthropic client side. The hub is Anthropic's own format, so there is little to do.

import type { ClientDialect } from '../dialect.ts';
import { anthropicRelay } from './relay.ts';
import { checkRequest } from './request-check.ts';

export const anthropicClient: ClientDialect = {
  id: 'anthropic',
  decodeRequest: checkRequest,
  encodeResponse: (message) => message,
  createStreamEncoder: () => ({
    push(event) {
      // `status` is for the gateway; Anthropic's error event has none.
      const wire = event.type === 'error' ? { type: 'error', error: event.error } : event;
      return `event: ${event.type}\ndata: ${JSON.stringify(wire)}\n\n`;
    },
  }),
  relay: anthropicRelay,
  encodeTokenCount: (tokens) => ({ input_tokens: tokens }),
  encodeError: ({ type, message }) => ({ type: 'error', error: { type, message } }),
};
