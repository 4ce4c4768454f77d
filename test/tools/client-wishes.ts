// What a user of any client may want, and how each of the four dialects says it: the requests of the matrix of clients and
// upstreams.
import type Anthropic from '@anthropic-ai/sdk';
import { FunctionCallingConfigMode, type GenerateContentParameters, type Part } from '@google/genai';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import type { DialectId } from '../../src/core/dialects/dialect.ts';
import type { JsonObject } from '../../src/core/json/values.ts';

export type Said = { text: string } | { png: string } | { pdf: string };

export type Turn =
  | { user: Said[] }
  /** The answer as the client got it: what `ask` calls the turn. */
  | { answer: readonly unknown[] }
  | { results: { id: string; name: string; text: string; failed?: boolean }[] };

export interface Wish {
  system?: string;
  turns: Turn[];
  tools?: { name: string; schema: JsonObject }[];
  choice?: 'auto' | 'any' | 'none' | { tool: string };
  /** Whether the model is to think, and show it. */
  thinking?: true;
  /** The answer is to be JSON of this form. */
  schema?: JsonObject;
  stop?: string[];
  limit?: number;
  /** The provider's own web search is offered. */
  search?: true;
}

/** A request without the model's name, in the words of the dialect's official client. */
export function wishFor(dialect: DialectId, wish: Wish): object {
  return writers[dialect](wish);
}

/** The same as it goes over the wire; Gemini has model and stream in its path. */
export function bodyFor(dialect: DialectId, wish: Wish, model: string, stream: boolean): JsonObject {
  if (dialect !== 'gemini') return { ...wishFor(dialect, wish), model, stream };
  const { contents, config = {} } = geminiWish(wish);
  const { systemInstruction, tools, toolConfig, ...generationConfig } = config;
  return {
    contents,
    ...(systemInstruction === undefined
      ? {}
      : { systemInstruction: { parts: [{ text: systemInstruction }] } }),
    ...(tools ? { tools } : {}),
    ...(toolConfig ? { toolConfig } : {}),
    generationConfig,
  };
}

const writers: Readonly<Record<DialectId, (wish: Wish) => object>> = {
  anthropic: anthropicWish,
  'openai-chat': chatWish,
  'openai-responses': responsesWish,
  gemini: geminiWish,
};

const description = 'A tool of the test.';

function anthropicWish(wish: Wish): Omit<Anthropic.MessageCreateParamsNonStreaming, 'model'> {
  const { system, turns, tools, choice, thinking, schema, stop, limit = 4000, search } = wish;
  const choices = {
    auto: { type: 'auto' },
    any: { type: 'any' },
    none: { type: 'none' },
  } as const;
  return {
    max_tokens: limit,
    messages: turns.map(anthropicTurn),
    ...(system === undefined ? {} : { system }),
    ...(tools
      ? {
          tools: tools.map(({ name, schema: input }) => ({
            name,
            description,
            input_schema: { type: 'object', ...input },
          })),
        }
      : {}),
    ...(choice
      ? {
          tool_choice: typeof choice === 'string' ? choices[choice] : { type: 'tool', name: choice.tool },
        }
      : {}),
    ...(thinking ? { thinking: { type: 'adaptive', display: 'summarized' } } : {}),
    ...(schema ? { output_config: { format: { type: 'json_schema', schema } } } : {}),
    ...(stop ? { stop_sequences: stop } : {}),
    ...(search ? { tools: [{ type: 'web_search_20250305', name: 'web_search' }] } : {}),
  };
}

function anthropicTurn(turn: Turn): Anthropic.MessageParam {
  if ('answer' in turn) return { role: 'assistant', content: turn.answer as Anthropic.ContentBlockParam[] };
  if ('results' in turn)
    return {
      role: 'user',
      content: turn.results.map(({ id, text, failed }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: text,
        ...(failed ? { is_error: true } : {}),
      })),
    };
  return {
    role: 'user',
    content: turn.user.map((said) => {
      if ('text' in said) return { type: 'text', text: said.text };
      const source = (media_type: string, data: string) => ({ type: 'base64', media_type, data }) as const;
      return 'png' in said
        ? { type: 'image', source: { ...source('image/png', said.png), media_type: 'image/png' } }
        : {
            type: 'document',
            source: { ...source('application/pdf', said.pdf), media_type: 'application/pdf' },
          };
    }),
  };
}

function chatWish(wish: Wish): Omit<ChatCompletionCreateParams, 'model'> {
  const { system, turns, tools, choice, thinking, schema, stop, limit, search } = wish;
  const choices = { auto: 'auto', any: 'required', none: 'none' } as const;
  return {
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      ...turns.flatMap(chatTurn),
    ],
    ...(tools
      ? {
          tools: tools.map(({ name, schema: parameters }) => ({
            type: 'function',
            function: { name, description, parameters: { type: 'object', ...parameters } },
          })),
        }
      : {}),
    ...(choice
      ? {
          tool_choice:
            typeof choice === 'string'
              ? choices[choice]
              : { type: 'function', function: { name: choice.tool } },
        }
      : {}),
    ...(thinking ? { reasoning_effort: 'medium' } : {}),
    ...(schema
      ? { response_format: { type: 'json_schema', json_schema: { name: 'form', schema, strict: true } } }
      : {}),
    ...(stop ? { stop } : {}),
    ...(search ? { web_search_options: {} } : {}),
    ...(limit === undefined ? {} : { max_completion_tokens: limit }),
  };
}

type ChatMessages = ChatCompletionCreateParams['messages'];

function chatTurn(turn: Turn): ChatMessages {
  if ('answer' in turn) return turn.answer as ChatMessages;
  if ('results' in turn)
    return turn.results.map(({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text }));
  return [
    {
      role: 'user',
      content: turn.user.map((said) => {
        if ('text' in said) return { type: 'text', text: said.text };
        if ('png' in said)
          return { type: 'image_url', image_url: { url: `data:image/png;base64,${said.png}` } };
        const file_data = `data:application/pdf;base64,${said.pdf}`;
        return { type: 'file', file: { filename: 'a.pdf', file_data } };
      }),
    },
  ];
}

function responsesWish(wish: Wish): Omit<ResponseCreateParams, 'model'> {
  const { system, turns, tools, choice, thinking, schema, limit, search } = wish;
  const choices = { auto: 'auto', any: 'required', none: 'none' } as const;
  return {
    input: turns.flatMap(responsesTurn),
    store: false,
    include: ['reasoning.encrypted_content'],
    ...(system === undefined ? {} : { instructions: system }),
    ...(tools
      ? {
          tools: tools.map(({ name, schema: parameters }) => ({
            type: 'function',
            name,
            description,
            parameters: { type: 'object', ...parameters },
            strict: false,
          })),
        }
      : {}),
    ...(choice
      ? {
          tool_choice: typeof choice === 'string' ? choices[choice] : { type: 'function', name: choice.tool },
        }
      : {}),
    ...(thinking ? { reasoning: { effort: 'medium', summary: 'auto' } } : {}),
    ...(search ? { tools: [{ type: 'web_search' }], include: ['web_search_call.action.sources'] } : {}),
    ...(schema ? { text: { format: { type: 'json_schema', name: 'form', schema, strict: true } } } : {}),
    ...(limit === undefined ? {} : { max_output_tokens: limit }),
  };
}

type InputItems = Exclude<ResponseCreateParams['input'], string | undefined>;

function responsesTurn(turn: Turn): InputItems {
  if ('answer' in turn) return turn.answer as InputItems;
  if ('results' in turn)
    return turn.results.map(({ id, text }) => ({ type: 'function_call_output', call_id: id, output: text }));
  return [
    {
      type: 'message',
      role: 'user',
      content: turn.user.map((said) => {
        if ('text' in said) return { type: 'input_text', text: said.text };
        if ('png' in said)
          return { type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${said.png}` };
        const file_data = `data:application/pdf;base64,${said.pdf}`;
        return { type: 'input_file', filename: 'a.pdf', file_data };
      }),
    },
  ];
}

function geminiWish(wish: Wish): Omit<GenerateContentParameters, 'model'> {
  const { system, turns, tools, choice, thinking, schema, stop, limit, search } = wish;
  const { AUTO, ANY, NONE } = FunctionCallingConfigMode;
  const choices = { auto: { mode: AUTO }, any: { mode: ANY }, none: { mode: NONE } };
  return {
    contents: turns.map(geminiTurn),
    config: {
      ...(system === undefined ? {} : { systemInstruction: system }),
      ...(tools
        ? {
            tools: [
              {
                functionDeclarations: tools.map(({ name, schema: parameters }) => ({
                  name,
                  description,
                  parametersJsonSchema: { type: 'object', ...parameters },
                })),
              },
            ],
          }
        : {}),
      ...(choice
        ? {
            toolConfig: {
              functionCallingConfig:
                typeof choice === 'string'
                  ? choices[choice]
                  : { mode: ANY, allowedFunctionNames: [choice.tool] },
            },
          }
        : {}),
      ...(thinking ? { thinkingConfig: { includeThoughts: true } } : {}),
      ...(schema ? { responseMimeType: 'application/json', responseJsonSchema: schema } : {}),
      ...(stop ? { stopSequences: stop } : {}),
      ...(search ? { tools: [{ googleSearch: {} }] } : {}),
      ...(limit === undefined ? {} : { maxOutputTokens: limit }),
    },
  };
}

function geminiTurn(turn: Turn): { role: string; parts: Part[] } {
  if ('answer' in turn) return { role: 'model', parts: turn.answer as Part[] };
  if ('results' in turn)
    return {
      role: 'user',
      parts: turn.results.map(({ id, name, text, failed }) => ({
        functionResponse: { id, name, response: failed ? { error: text } : { output: text } },
      })),
    };
  return {
    role: 'user',
    parts: turn.user.map((said) => {
      if ('text' in said) return { text: said.text };
      return 'png' in said
        ? { inlineData: { mimeType: 'image/png', data: said.png } }
        : { inlineData: { mimeType: 'application/pdf', data: said.pdf } };
    }),
  };
}
