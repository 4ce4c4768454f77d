// The Gemini client side. Model and stream stand in the request's path: see `askedOf`.
import type { ClientDialect } from '../../dialect.ts';
import { encodeAnswer, eventEncoder, listEncoder } from './answer-encoder.ts';
import { decodeGeminiRequest } from './asked-request.ts';
import { errorAnswer, overloadedStatus } from './error-answer.ts';

export const geminiClient: ClientDialect = {
  id: 'gemini',
  overloadedStatus,
  decodeRequest: decodeGeminiRequest,
  encodeResponse: encodeAnswer,
  createStreamEncoder: eventEncoder,
  encodeTokenCount: (tokens) => ({ totalTokens: tokens }),
  encodeError: errorAnswer,
};

/** For streams without `alt=sse`. */
export const geminiListClient: ClientDialect = {
  ...geminiClient,
  streamType: 'application/json; charset=utf-8',
  createStreamEncoder: listEncoder,
};
