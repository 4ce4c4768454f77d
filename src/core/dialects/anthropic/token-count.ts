// Anthropic's own count of a request's tokens: POST /v1/messages/count_tokens.
import { numberOf, objectOf } from '../../json/values.ts';
import type { TokenCounting } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import type { TargetProfile } from '../target-profile.ts';
import { prepareAnthropicRequest } from './prepare-request.ts';

/** It takes what is counted, and refuses the rest (platform.claude.com/docs/en/api/messages-count-tokens). */
const counted: ReadonlySet<string> = new Set([
  'messages',
  'system',
  'tools',
  'tool_choice',
  'thinking',
  'output_config',
  'context_management',
  'mcp_servers',
]);

export const anthropicTokenCount: TokenCounting = {
  encodeRequest(request: HubRequest, target: TargetProfile) {
    const { request: prepared } = prepareAnthropicRequest(request, target);
    const fields = Object.entries(prepared).filter(([name]) => counted.has(name));
    return {
      path: '/v1/messages/count_tokens',
      body: { model: target.model, ...Object.fromEntries(fields) },
    };
  },
  decodeCount: (body) => numberOf(objectOf(body)?.input_tokens),
};
