// The chat completions upstream side.
import type { UpstreamDialect } from '../dialect.ts';
import { decodeErrorBody } from '../error-body.ts';
import { encodeEcho } from './echo.ts';
import { encodeChatRequest } from './request.ts';
import { ChatStreamDecoder, decodeChatResponse } from './stream.ts';

export const openAiChatUpstream: UpstreamDialect = {
  id: 'openai-chat',
  encodeRequest: encodeChatRequest,
  decodeResponse: decodeChatResponse,
  createStreamDecoder: (context) => new ChatStreamDecoder(context),
  encodeEcho,
  decodeError: decodeErrorBody,
};
