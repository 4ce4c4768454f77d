// OpenAI's own count of a request's tokens: POST /responses/input_tokens.
import { numberOf, objectOf } from '../../json/values.ts';
import type { TokenCounting } from '../dialect.ts';
import { encodeResponsesRequest } from './request.ts';
import type { TokenCountRequest } from './wire.ts';

/** What is counted (developers.openai.com/api/docs/guides/token-counting); the SDK's type names them all. */
const counted = {
  model: true,
  input: true,
  instructions: true,
  tools: true,
  tool_choice: true,
  parallel_tool_calls: true,
  reasoning: true,
  text: true,
  truncation: true,
} satisfies Partial<Record<keyof TokenCountRequest, true>>;

export const responsesTokenCount: TokenCounting = {
  encodeRequest(request, target) {
    const { body } = encodeResponsesRequest(request, target);
    const fields = Object.entries(body).filter(([name]) => Object.hasOwn(counted, name));
    return { path: '/responses/input_tokens', body: Object.fromEntries(fields) };
  },
  decodeCount: (body) => numberOf(objectOf(body)?.input_tokens),
};
