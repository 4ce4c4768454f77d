// How many tokens a request holds, without a tokenizer: `tokenx` reads 6 to 8 MB/s and is within a few percent of
// OpenAI's tokenizers for prose and code. Media count by the published rules of thumb.
import { estimateTokenCount } from 'tokenx';
import type { HubRequest } from '../dialects/hub.ts';
import { isObject } from '../json/values.ts';

/** Anthropic: width × height / 750, at most about 1,600 for the largest image that is not scaled down. */
const imageTokens = 1_600;
/** Anthropic: 1,500 to 3,000 tokens a page; about 75 kB of base64 a page. */
const pdfTokensPerByte = 3_000 / 75_000;
/** Input tokens of a whole request, rounded up, without margin. */
export function estimateRequestTokens(request: HubRequest): number {
  let tokens = estimateMessageTokens(Array.isArray(request.messages) ? request.messages : []);
  tokens += contentTokens(request.system);
  for (const tool of Array.isArray(request.tools) ? request.tools : [])
    tokens += estimateTokenCount(JSON.stringify(tool));
  return Math.ceil(tokens);
}

/** Newer Claude tokenizers need up to 40 % more tokens for markdown and code than the estimate says. */
const tokenizerMargin = 1.4;
/** What providers add by themselves, as seen in recorded usage: a frame for the conversation, a preamble for tools. */
const conversationOverhead = 40;
const toolPreamble = 600;
const toolOverhead = 60;

/** An answer for `count_tokens`. Too high is harmless (an early compaction), too low overruns the window. */
export function countTokensHigh(request: HubRequest): number {
  const tools = Array.isArray(request.tools) ? request.tools.length : 0;
  const preamble = tools === 0 ? 0 : toolPreamble + tools * toolOverhead;
  return Math.ceil(estimateRequestTokens(request) * tokenizerMargin + conversationOverhead + preamble);
}

/** Tokens of some messages; each costs a few tokens for its frame. */
export function estimateMessageTokens(messages: readonly unknown[]): number {
  let tokens = 0;
  for (const message of messages) if (isObject(message)) tokens += 4 + contentTokens(message.content);
  return tokens;
}

function contentTokens(content: unknown): number {
  if (typeof content === 'string') return estimateTokenCount(content);
  if (!Array.isArray(content)) return 0;
  let tokens = 0;
  for (const block of content) if (isObject(block)) tokens += blockTokens(block);
  return tokens;
}

function blockTokens(block: Record<string, unknown>): number {
  switch (block.type) {
    case 'text':
      return textTokens(block.text);
    case 'thinking':
      return textTokens(block.thinking);
    case 'tool_use':
    case 'server_tool_use':
      return 8 + textTokens(block.name) + estimateTokenCount(JSON.stringify(block.input ?? {}));
    case 'tool_result':
      return 8 + contentTokens(block.content);
    case 'image':
      return imageTokens;
    case 'document':
      return documentTokens(block.source);
    default:
      return estimateTokenCount(JSON.stringify(block));
  }
}

function documentTokens(source: unknown): number {
  if (!isObject(source)) return imageTokens;
  const data = source.data;
  if (typeof data !== 'string') return imageTokens;
  return source.type === 'text' ? estimateTokenCount(data) : Math.max(3_000, data.length * pdfTokensPerByte);
}

function textTokens(text: unknown): number {
  return typeof text === 'string' ? estimateTokenCount(text) : 0;
}
