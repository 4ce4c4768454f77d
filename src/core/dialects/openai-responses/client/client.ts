// The Responses client side.
import { messageToEvents } from '../../accumulate.ts';
import type { ClientDialect } from '../../dialect.ts';
import { openAiError } from '../../openai-error.ts';
import { openAiResponsesRelay } from '../relay/relay.ts';
import { decodeResponsesRequest } from './asked-request.ts';
import { ResponseWriter } from './response-writer.ts';

export const openAiResponsesClient: ClientDialect = {
  id: 'openai-responses',
  decodeRequest: decodeResponsesRequest,
  encodeResponse(message, asked) {
    const writer = new ResponseWriter(asked);
    for (const event of messageToEvents(message)) writer.push(event);
    return writer.response;
  },
  createStreamEncoder(asked) {
    const writer = new ResponseWriter(asked);
    return {
      push(event) {
        // There is no such event; a comment keeps the connection alive as well.
        if (event.type === 'ping') return ': ping\n\n';
        return writer
          .push(event)
          .map((sent) => `event: ${sent.type}\ndata: ${JSON.stringify(sent)}\n\n`)
          .join('');
      },
    };
  },
  encodeTokenCount: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
  relay: openAiResponsesRelay,
  encodeError: (error) => ({ error: openAiError(error) }),
};
