// The Gemini upstream side: Google's Gemini API, Vertex and relays of them.
import type { UpstreamDialect } from '../dialect.ts';
import { decodeErrorBody } from '../error-body.ts';
import { encodeGeminiRequest } from './request.ts';
import { decodeGeminiResponse, GeminiStreamDecoder } from './stream.ts';
import { geminiTokenCount } from './token-count.ts';

export const geminiUpstream: UpstreamDialect = {
  id: 'gemini',
  encodeRequest: encodeGeminiRequest,
  decodeResponse: decodeGeminiResponse,
  createStreamDecoder: (context) => new GeminiStreamDecoder(context),
  decodeError: decodeErrorBody,
  tokenCount: geminiTokenCount,
};
