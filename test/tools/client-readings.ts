// What the official clients of the four dialects make of an answer, in words that hold for all of them.
import Anthropic from '@anthropic-ai/sdk';
import {
  type GenerateContentParameters,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from '@google/genai';
import OpenAI from 'openai';
import type {
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
} from 'openai/resources/chat/completions';
import type { Response, ResponseCreateParamsNonStreaming } from 'openai/resources/responses/responses';
import type { DialectId } from '../../src/core/dialects/dialect.ts';
import { isObject } from '../../src/core/json/values.ts';
import { wishFor } from './client-wishes.ts';

export interface Reading {
  /** The model's name as the answer tells it. */
  model: string | undefined;
  text: string;
  /** Chat completions and Responses have a place of its own for it; elsewhere it is text. */
  refusal: string;
  thinking: string;
  calls: { id: string | undefined; name: string; input: unknown }[];
  finish: Finish;
  /** Tokens. `input` holds the cached ones, `output` the reasoning. */
  usage: { input: number; output: number; cached: number } | undefined;
  /** Addresses that a search of the provider's own found. */
  sources: string[];
  /** The answer as the client sends it back: blocks, messages, items, parts of its dialect. */
  turn: readonly unknown[];
}

/** The dialects' words for the end differ in what they tell apart: these are common to all. */
export type Finish = 'stop' | 'tool_calls' | 'length' | 'content_filter' | `unknown: ${string}`;

export interface Asking {
  url: string;
  token: string;
  model: string;
  stream: boolean;
  /** Gemini: version in the path; by default the client's own. */
  version?: string;
  /** What `wishFor` gives; by default "Hi", thinking shown. */
  wish?: object;
}

/** Asks with the dialect's official client, without its retries. Rejects with the client's own error. */
export function ask(dialect: DialectId, asking: Asking): Promise<Reading> {
  return clients[dialect](asking);
}

const clients: Record<DialectId, (asking: Asking) => Promise<Reading>> = {
  anthropic: askAnthropic,
  'openai-chat': askChat,
  'openai-responses': askResponses,
  gemini: askGemini,
};

function hi(dialect: DialectId, wish: object | undefined): object {
  return wish ?? wishFor(dialect, { turns: [{ user: [{ text: 'Hi' }] }], thinking: true });
}

async function askAnthropic({ url, token, model, stream, wish }: Asking): Promise<Reading> {
  const client = new Anthropic({ baseURL: url, authToken: token, apiKey: null, maxRetries: 0 });
  const params = { ...hi('anthropic', wish), model } as Anthropic.MessageCreateParamsNonStreaming;
  const message = stream
    ? await client.messages.stream(params).finalMessage()
    : await client.messages.create(params);
  const { usage } = message;
  const cached = usage.cache_read_input_tokens ?? 0;
  const all = <Type extends string>(pick: (block: Anthropic.ContentBlock) => Type | undefined) =>
    message.content.map((block) => pick(block) ?? '').join('');
  return {
    model: message.model,
    text: all((block) => (block.type === 'text' ? block.text : undefined)),
    refusal: '',
    thinking: all((block) => (block.type === 'thinking' ? block.thinking : undefined)),
    calls: message.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    finish: word(message.stop_reason, {
      end_turn: 'stop',
      stop_sequence: 'stop',
      pause_turn: 'stop',
      tool_use: 'tool_calls',
      max_tokens: 'length',
      model_context_window_exceeded: 'length',
      refusal: 'content_filter',
    }),
    usage: {
      input: usage.input_tokens + cached + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
      cached,
    },
    sources: message.content.flatMap((block) =>
      block.type === 'web_search_tool_result' && Array.isArray(block.content)
        ? block.content.map(({ url }) => url)
        : [],
    ),
    turn: message.content,
  };
}

/** What chat servers add to OpenAI's message, by the names that are in use. */
interface ChatMessage {
  content?: string | null;
  refusal?: string | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  /** OpenRouter's; of a stream its pieces. */
  reasoning_details?: unknown[] | null;
  annotations?: { url_citation: { url: string } }[] | null;
}

async function askChat({ url, token, model, stream, wish }: Asking): Promise<Reading> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 });
  const params = { ...hi('openai-chat', wish), model } as ChatCompletionCreateParamsNonStreaming;
  if (!stream) {
    const completion = await client.chat.completions.create(params);
    const [choice] = completion.choices;
    if (!choice) throw new Error(`no choice in ${JSON.stringify(completion)}`);
    // Azure leaves the message out where its filter took all of it.
    const message: Partial<typeof choice.message> = choice.message ?? {};
    const calls = (message.tool_calls ?? []).map((call) =>
      call.type === 'function'
        ? { id: call.id, name: call.function.name, input: json(call.function.arguments) }
        : { id: call.id, name: call.custom.name, input: call.custom.input },
    );
    const { finish_reason: reason } = choice;
    return chatReading(completion.model, message, calls, reason, completion.usage, message);
  }
  const message = {
    content: '',
    refusal: '',
    reasoning_content: '',
    annotations: [] as NonNullable<ChatMessage['annotations']>,
  };
  const details: unknown[] = [];
  const calls: { id: string; name: string; text: string }[] = [];
  let finish: string | null = null;
  let usage: ChatCompletionChunk['usage'];
  let told: string | undefined;
  const options = { stream: true as const, stream_options: { include_usage: true } };
  for await (const chunk of await client.chat.completions.create({ ...params, ...options })) {
    told ??= chunk.model;
    usage = chunk.usage ?? usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    finish = choice.finish_reason ?? finish;
    const delta: ChatMessage & ChatCompletionChunk.Choice.Delta = choice.delta;
    message.content += delta.content ?? '';
    message.refusal += delta.refusal ?? '';
    message.reasoning_content += delta.reasoning_content ?? delta.reasoning ?? '';
    details.push(...(delta.reasoning_details ?? []));
    message.annotations.push(...(delta.annotations ?? []));
    for (const { index, id, function: called } of delta.tool_calls ?? []) {
      calls[index] ??= { id: '', name: '', text: '' };
      const call = calls[index];
      call.id ||= id ?? '';
      call.name += called?.name ?? '';
      call.text += called?.arguments ?? '';
    }
  }
  const complete = calls.map(({ id, name, text }) => ({ id, name, input: json(text) }));
  const turn = {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    ...(message.reasoning_content === '' ? {} : { reasoning_content: message.reasoning_content }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map(({ id, name, text }) => ({
            id,
            type: 'function',
            function: { name, arguments: text },
          })),
        }),
  };
  return chatReading(told, message, complete, finish, usage, turn);
}

function chatReading(
  model: string | undefined,
  message: ChatMessage,
  calls: Reading['calls'],
  finish: string | null,
  usage: OpenAI.CompletionUsage | null | undefined,
  turn: unknown,
): Reading {
  return {
    model,
    text: message.content ?? '',
    refusal: message.refusal ?? '',
    thinking: message.reasoning_content ?? message.reasoning ?? '',
    calls,
    finish: word(finish, {
      stop: 'stop',
      tool_calls: 'tool_calls',
      length: 'length',
      content_filter: 'content_filter',
    }),
    usage: usage
      ? {
          input: usage.prompt_tokens,
          output: usage.completion_tokens,
          cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
        }
      : undefined,
    sources: (message.annotations ?? []).map(({ url_citation: { url } }) => url),
    turn: [turn],
  };
}

async function askResponses({ url, token, model, stream, wish }: Asking): Promise<Reading> {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: token, maxRetries: 0 });
  const params = { ...hi('openai-responses', wish), model } as Omit<
    ResponseCreateParamsNonStreaming,
    'stream'
  >;
  const response = stream
    ? await client.responses.stream(params).finalResponse()
    : await client.responses.create(params);
  const calls = response.output.flatMap((item) => {
    if (item.type === 'function_call')
      return [{ id: item.call_id, name: item.name, input: json(item.arguments) }];
    return item.type === 'custom_tool_call' ? [{ id: item.call_id, name: item.name, input: item.input }] : [];
  });
  const parts = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const { usage } = response;
  return {
    model: response.model,
    text: parts.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
    refusal: parts.map((part) => (part.type === 'refusal' ? part.refusal : '')).join(''),
    thinking: response.output
      .flatMap((item) => (item.type === 'reasoning' ? [...item.summary, ...(item.content ?? [])] : []))
      .map(({ text }) => text)
      .join(''),
    calls,
    finish: endOf(response, calls.length > 0),
    usage: usage
      ? {
          input: usage.input_tokens,
          output: usage.output_tokens,
          cached: usage.input_tokens_details.cached_tokens,
        }
      : undefined,
    sources: response.output.flatMap((item) =>
      item.type === 'web_search_call' && item.action.type === 'search'
        ? (item.action.sources ?? []).map(({ url }) => url)
        : [],
    ),
    turn: response.output,
  };
}

/** Responses has no word for calls: they are seen in the output. */
function endOf({ status, incomplete_details: details }: Response, calls: boolean): Finish {
  if (status === 'completed') return calls ? 'tool_calls' : 'stop';
  return word(details?.reason ?? status ?? null, {
    max_output_tokens: 'length',
    content_filter: 'content_filter',
    max_tool_calls: 'stop',
  });
}

async function askGemini({ url, token, model, stream, version, wish }: Asking): Promise<Reading> {
  const client = new GoogleGenAI({
    apiKey: token,
    httpOptions: { baseUrl: url },
    ...(version === undefined ? {} : { apiVersion: version }),
  });
  const params = { ...hi('gemini', wish), model } as GenerateContentParameters;
  const answers: GenerateContentResponse[] = [];
  if (stream) {
    for await (const chunk of await client.models.generateContentStream(params)) answers.push(chunk);
  } else answers.push(await client.models.generateContent(params));
  const parts = answers.flatMap((answer) => answer.candidates?.[0]?.content?.parts ?? []);
  const calls = parts.flatMap(({ functionCall: call }) =>
    call ? [{ id: call.id, name: call.name ?? '', input: call.args }] : [],
  );
  const reason = answers.flatMap((answer) => answer.candidates?.[0]?.finishReason ?? []).at(-1);
  const blocked = answers.some((answer) => answer.promptFeedback?.blockReason);
  const usage = answers.flatMap((answer) => answer.usageMetadata ?? []).at(-1);
  const text = (wanted: (part: Part) => boolean) =>
    parts.map((part) => (wanted(part) ? (part.text ?? '') : '')).join('');
  return {
    model: answers.flatMap((answer) => answer.modelVersion ?? [])[0],
    text: text((part) => part.thought !== true),
    refusal: '',
    thinking: text((part) => part.thought === true),
    calls,
    finish: word(reason ?? (blocked ? 'SAFETY' : null), {
      // Google has one word for a natural end, with calls or without.
      STOP: calls.length > 0 ? 'tool_calls' : 'stop',
      MAX_TOKENS: 'length',
      SAFETY: 'content_filter',
    }),
    usage: usage
      ? {
          input: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
          output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
          cached: usage.cachedContentTokenCount ?? 0,
        }
      : undefined,
    sources: answers.flatMap((answer) =>
      (answer.candidates?.[0]?.groundingMetadata?.groundingChunks ?? []).flatMap(({ web }) => web?.uri ?? []),
    ),
    turn: parts,
  };
}

function word(told: string | null, words: Readonly<Record<string, Finish>>): Finish {
  return (told === null ? undefined : words[told]) ?? `unknown: ${told}`;
}

/** Arguments that are no JSON stay a text. */
function json(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : text;
  } catch {
    return text;
  }
}
