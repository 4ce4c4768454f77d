// Which dialects are in force, by side. A new dialect is a folder of its own and a line here.
import { anthropicClient } from './anthropic/client.ts';
import { anthropicUpstream } from './anthropic/upstream.ts';
import type { ClientDialect, DialectId, UpstreamDialect } from './dialect.ts';
import { geminiClient } from './gemini/client/client.ts';
import { geminiUpstream } from './gemini/upstream.ts';
import { openAiChatClient } from './openai-chat/client/client.ts';
import { openAiChatUpstream } from './openai-chat/upstream.ts';
import { openAiResponsesClient } from './openai-responses/client/client.ts';
import { openAiResponsesUpstream } from './openai-responses/upstream.ts';

const upstreams: Partial<Record<DialectId, UpstreamDialect>> = {
  anthropic: anthropicUpstream,
  'openai-chat': openAiChatUpstream,
  'openai-responses': openAiResponsesUpstream,
  gemini: geminiUpstream,
};

const clients: Partial<Record<DialectId, ClientDialect>> = {
  anthropic: anthropicClient,
  gemini: geminiClient,
  'openai-chat': openAiChatClient,
  'openai-responses': openAiResponsesClient,
};

/** Undefined when the router can't call upstreams of this dialect yet. */
export function upstreamDialect(id: DialectId): UpstreamDialect | undefined {
  return upstreams[id];
}

/** Undefined when the router can't serve clients of this dialect yet. */
export function clientDialect(id: DialectId): ClientDialect | undefined {
  return clients[id];
}
