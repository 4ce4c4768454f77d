// Requests as apps build them, by their sources: Cline (src/core/api/providers/{openai,litellm,anthropic}.ts), Cherry Studio
// (src/renderer/src/aiCore/utils/{reasoning,websearch}.ts, by the AI SDK), Continue (packages/openai-adapters/src/apis/OpenAI.ts).
// The fields are theirs, the texts are ours.
import type { DialectId } from '../../src/core/dialects/dialect.ts';
import type { JsonObject } from '../../src/core/json/values.ts';
import { png } from '../clients/files.ts';

export interface AppShape {
  app: string;
  client: DialectId;
  path: string;
  headers(token: string): Record<string, string>;
  body: JsonObject;
  /** What it wants of the model, as an Anthropic upstream is told. */
  thinking?: 'on' | 'off';
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const image = `data:image/png;base64,${png.toString('base64')}`;
const chat = { client: 'openai-chat', path: '/v1/chat/completions' } as const;
const streamed = { stream: true, stream_options: { include_usage: true } };
const cached = { cache_control: { type: 'ephemeral' } };

const parameters = {
  type: 'object',
  properties: { path: { type: 'string', description: 'The path.' } },
  required: ['path'],
  additionalProperties: false,
};
const readFile = { name: 'read_file', description: 'Reads.', strict: false, parameters };
/** A task that has read a file; what the user said stands in three forms. */
const loop = [
  {
    role: 'user',
    content: [
      { type: 'text', text: '<task>Look.</task>' },
      { type: 'image_url', image_url: { url: image } },
    ],
  },
  {
    role: 'assistant',
    content: 'I read it.',
    tool_calls: [
      { id: 'call_1', type: 'function', function: { name: 'read_file', arguments: '{"path":"a"}' } },
    ],
  },
  { role: 'tool', tool_call_id: 'call_1', content: 'Nothing in it.' },
];

const cline: AppShape[] = [
  {
    app: 'Cline, OpenAI compatible',
    ...chat,
    headers: bearer,
    body: {
      model: 'gpt-5',
      messages: [{ role: 'developer', content: 'You are Cline.' }, ...loop],
      reasoning_effort: 'medium',
      tools: [{ type: 'function', function: readFile }],
      ...streamed,
    },
    thinking: 'on',
  },
  {
    app: 'Cline, another model, with limits',
    ...chat,
    headers: bearer,
    body: {
      model: 'any-name',
      messages: [
        { role: 'system', content: 'You are Cline.' },
        ...loop,
        // The environment follows every tool's result.
        { role: 'user', content: [{ type: 'text', text: '<environment_details>…</environment_details>' }] },
      ],
      temperature: 0,
      max_tokens: 8192,
      tools: [{ type: 'function', function: readFile }],
      ...streamed,
    },
  },
  {
    app: 'Cline, LiteLLM',
    ...chat,
    headers: bearer,
    body: {
      model: 'any-name',
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'You are Cline.', ...cached }] },
        { role: 'user', content: [{ type: 'text', text: '<task>Look.</task>', ...cached }] },
      ],
      stream: true,
      drop_params: true,
      stream_options: { include_usage: true },
      thinking: { type: 'enabled', budget_tokens: 2048 },
      litellm_session_id: 'cline-01J',
    },
    thinking: 'on',
  },
  {
    app: 'Cline, Anthropic',
    client: 'anthropic',
    path: '/v1/messages',
    headers: (token) => ({ 'x-api-key': token, 'anthropic-version': '2023-06-01' }),
    body: {
      model: 'claude-sonnet-4-5-20250929',
      max_tokens: 8192,
      temperature: 0,
      system: [{ text: 'You are Cline.', type: 'text', ...cached }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: '<task>Look.</task>', ...cached }] },
        { role: 'assistant', content: [{ type: 'text', text: '<read_file>a</read_file>' }] },
        { role: 'user', content: [{ type: 'text', text: 'Nothing in it.', ...cached }] },
      ],
      tools: [{ name: 'read_file', description: 'Reads.', input_schema: parameters }],
      tool_choice: { type: 'any' },
      stream: true,
    },
  },
];

const cherryHeaders = (token: string) => ({
  ...bearer(token),
  'x-api-key': token,
  'http-referer': 'https://cherry-ai.com',
  'x-title': 'Cherry Studio',
});

/** Its chat requests: what is asked of reasoning and of searches differs by the model's name and by provider. */
function cherry(name: string, fields: JsonObject, thinking?: 'on' | 'off'): AppShape {
  return {
    app: `Cherry Studio, ${name}`,
    ...chat,
    headers: cherryHeaders,
    body: {
      model: 'any-name',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Earlier.' },
        { role: 'assistant', content: '', reasoning_content: 'Hm.' },
        { role: 'user', content: [{ type: 'text', text: '<task>Look.</task>' }] },
      ],
      temperature: 1.2,
      top_p: 0.9,
      max_tokens: 4096,
      ...streamed,
      ...fields,
    },
    ...(thinking ? { thinking } : {}),
  };
}

const cherryStudio: AppShape[] = [
  cherry('Qwen', { enable_thinking: true, thinking_budget: 2048, incremental_output: true }, 'on'),
  cherry('Qwen that is not to think', { enable_thinking: false }, 'off'),
  cherry('DeepSeek', { thinking: { type: 'enabled' }, reasoning_effort: 'max' }, 'on'),
  cherry('Doubao', { thinking: { type: 'auto' } }),
  cherry('Zhipu', { thinking: { type: 'disabled' } }, 'off'),
  cherry('OpenRouter', { reasoning: { effort: 'high' }, plugins: [{ id: 'web', max_results: 5 }] }, 'on'),
  cherry('OpenRouter that is not to think', { reasoning: { enabled: false, exclude: true } }, 'off'),
  cherry('Nvidia', { chat_template_kwargs: { enable_thinking: true, thinking_budget: 2048 } }, 'on'),
  cherry('Nvidia that is not to think', { chat_template_kwargs: { thinking: false } }, 'off'),
  cherry(
    'Gemini',
    { extra_body: { google: { thinking_config: { thinking_budget: -1, include_thoughts: true } } } },
    'on',
  ),
  cherry('DashScope with search', { enable_search: true, search_options: { forced_search: true } }),
  cherry('OpenAI with search', { web_search_options: {} }),
  {
    app: 'Cherry Studio, Responses',
    client: 'openai-responses',
    path: '/v1/responses',
    headers: cherryHeaders,
    body: {
      model: 'gpt-5',
      input: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: '<task>Look.</task>' },
            { type: 'input_image', image_url: image },
          ],
        },
      ],
      reasoning: { effort: 'high', summary: 'auto' },
      text: { verbosity: 'medium' },
      tools: [{ type: 'web_search', search_context_size: 'low' }],
      include: ['web_search_call.action.sources'],
      stream: true,
    },
    thinking: 'on',
  },
  {
    app: 'Cherry Studio, Gemini',
    client: 'gemini',
    path: '/v1beta/models/any-name:streamGenerateContent?alt=sse',
    headers: (token) => ({ 'x-goog-api-key': token }),
    body: {
      generationConfig: { temperature: 0.7, thinkingConfig: { includeThoughts: true, thinkingBudget: -1 } },
      contents: [{ role: 'user', parts: [{ text: '<task>Look.</task>' }] }],
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
      tools: [{ googleSearch: {} }],
    },
    thinking: 'on',
  },
];

const continueDev: AppShape[] = [
  {
    app: 'Continue',
    ...chat,
    headers: (token) => ({ ...bearer(token), 'x-api-key': token, accept: 'application/json' }),
    body: {
      model: 'any-name',
      messages: [
        { role: 'system', content: 'You are an agent.' },
        ...loop,
        { role: 'assistant', content: ' ' },
        { role: 'user', content: 'Go on.' },
      ],
      max_tokens: 4096,
      temperature: 0.5,
      top_p: null,
      frequency_penalty: null,
      presence_penalty: null,
      stop: ['</done>'],
      tools: [{ type: 'function', function: readFile }],
      parallel_tool_calls: false,
      prediction: { type: 'content', content: 'a' },
      ...streamed,
    },
  },
];

export const appShapes: readonly AppShape[] = [...cline, ...cherryStudio, ...continueDev];
