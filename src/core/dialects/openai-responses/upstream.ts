// The Responses upstream side.
import type { UpstreamDialect } from '../dialect.ts';
import { decodeErrorBody } from '../error-body.ts';
import { encodeResponsesRequest } from './request.ts';
import { decodeResponsesAnswer, ResponsesStreamDecoder } from './stream.ts';
import { responsesTokenCount } from './token-count.ts';

export const openAiResponsesUpstream: UpstreamDialect = {
  id: 'openai-responses',
  encodeRequest: encodeResponsesRequest,
  decodeResponse: decodeResponsesAnswer,
  createStreamDecoder: (context) => new ResponsesStreamDecoder(context),
  decodeError: decodeErrorBody,
  tokenCount: responsesTokenCount,
};
