// The chat completions client side.
import { messageToEvents } from '../../accumulate.ts';
import type { ClientDialect } from '../../dialect.ts';
import { openAiError } from '../../openai-error.ts';
import { openAiChatRelay } from '../relay/relay.ts';
import { decodeChatRequest } from './asked-request.ts';
import { CompletionWriter } from './completion-writer.ts';

export const openAiChatClient: ClientDialect = {
  id: 'openai-chat',
  decodeRequest: decodeChatRequest,
  encodeResponse(message, asked) {
    const writer = new CompletionWriter(asked);
    for (const event of messageToEvents(message)) writer.push(event);
    return writer.completion;
  },
  createStreamEncoder(asked) {
    const writer = new CompletionWriter(asked);
    return {
      push(event) {
        // There is no such chunk; a comment keeps the connection alive as well.
        if (event.type === 'ping') return ': ping\n\n';
        const chunks = writer.push(event).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
        // An error is the end without it: nobody may take what came so far for a whole answer.
        if (event.type === 'message_stop') chunks.push('data: [DONE]\n\n');
        return chunks.join('');
      },
    };
  },
  relay: openAiChatRelay,
  encodeError: (error) => ({ error: openAiError(error) }),
};
