// The Gemini client side. Model and stream stand in the request's path: see `askedOf`.
import type { ClientDialect } from '../../dialect.ts';
import { geminiRelay } from '../relay/relay.ts';
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
  relay: geminiRelay,
};

const { relay: _, ...unrelayed } = geminiClient;

/** For streams without `alt=sse`: no upstream is asked for such a list, so that its answers are written anew. */
export const geminiListClient: ClientDialect = {
  ...unrelayed,
  streamType: 'application/json; charset=utf-8',
  createStreamEncoder: listEncoder,
};
