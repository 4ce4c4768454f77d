// Chat completion requests as they go out: the official types, and what compatible servers take beyond them.
import type {
  ChatCompletionContentPart,
  ChatCompletionContentPartText,
  ChatCompletionMessageFunctionToolCall,
} from 'openai/resources/chat/completions';
import type { JsonObject } from '../../json/values.ts';

/** Prompt caching marks of relays of Claude and Qwen models. */
interface CacheMark {
  cache_control?: unknown;
}

export type TextPart = ChatCompletionContentPartText & CacheMark;
export type UserPart = (ChatCompletionContentPart | ChatCompletionContentPartText) & CacheMark;
/** `extra_content`: Google's place for a call's thought signature. */
export type WireToolCall = ChatCompletionMessageFunctionToolCall & { extra_content?: JsonObject };

export interface AssistantMessage {
  role: 'assistant';
  content: string | null;
  tool_calls?: WireToolCall[];
  /** DeepSeek, Moonshot, Zhipu and others: the thinking that came with the message. */
  reasoning_content?: string;
  /** OpenRouter: the same with signatures. */
  reasoning_details?: JsonObject[];
}

export type WireMessage =
  | { role: 'system'; content: string | TextPart[] }
  | { role: 'user'; content: string | UserPart[] }
  | AssistantMessage
  | { role: 'tool'; tool_call_id: string; content: string | TextPart[] };
