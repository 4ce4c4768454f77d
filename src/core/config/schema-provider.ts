// The shape of a provider in the config file. Descriptions feed the JSON schema and the reference in docs/.
import { z } from 'zod';
import { dialectIds } from '../dialects/dialect.ts';
import { searchWays } from '../dialects/search-ways.ts';
import { authWays } from './auth.ts';
import { defaultTimeouts, defaultWeight } from './defaults.ts';

const seconds = z.number().positive().max(86_400);

const keySchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      key: z.string().min(1).describe('The reference: `secret:NAME`, `env:NAME` or `none`.'),
      weight: z.number().min(0).max(1_000_000).optional().meta({
        description:
          "Its part of the provider's requests with the strategy `weighted`; `0`: only when no other is left.",
        default: defaultWeight,
      }),
      rpm: z.int().positive().optional().describe('Requests that the key may send in any 60 seconds.'),
      tpm: z
        .int()
        .positive()
        .optional()
        .describe('Tokens in any 60 seconds, prompts and answers together; estimated before a call.'),
      max_parallel: z.int().positive().optional().describe('Calls that may be under way at the same time.'),
    }),
  ])
  .describe(
    'Where a key is found, never the key itself: `secret:NAME` (kept by the editor, set by *Switchyard: Set Key…*), `env:NAME` (an environment variable) or `none`.',
  );

const modelSchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      id: z.string().min(1).describe('The name that the provider gives the model.'),
      context: z.int().positive().optional().describe('Context window in tokens.'),
      max_output: z
        .int()
        .positive()
        .optional()
        .describe('Largest output in tokens; higher wishes of clients are lowered to it.'),
      params: z
        .record(z.string(), z.unknown())
        .optional()
        .describe(
          'Request parameters that are sent unless the client sets them, in the words of the provider.',
        )
        .meta({ examples: [{ temperature: 0.7 }] }),
      vision: z.boolean().optional().describe('The model reads images. Unset: what the preset assumes.'),
      pdf: z.boolean().optional().describe('The model reads PDF documents. Unset: what the preset assumes.'),
      tools: z.boolean().optional().meta({
        description: '`false`: the model can not call tools; requests with tools go to others first.',
        default: true,
      }),
    }),
  ])
  .describe('A model of this provider: its name, or its name with what is known about it.');

const timeoutSchema = z
  .strictObject({
    connect: seconds
      .optional()
      .meta({ description: 'Until the connection stands.', default: defaultTimeouts.connect }),
    first_token: seconds
      .optional()
      .meta({ description: 'Until the first content of a stream.', default: defaultTimeouts.firstToken }),
    idle: seconds
      .optional()
      .meta({ description: 'Longest silence inside a stream.', default: defaultTimeouts.idle }),
    total: seconds.optional().meta({ description: 'Of a whole answer.', default: defaultTimeouts.total }),
  })
  .describe('Time limits in seconds.');

const quirksSchema = z
  .strictObject({
    auth: z
      .enum(authWays)
      .optional()
      .describe(
        'How the key is sent: `Authorization: Bearer`, or in this header. Unset: the way of the dialect. `google-adc` and `aws-sigv4` are not supported yet.',
      ),
    max_tokens_field: z
      .enum(['max_tokens', 'max_completion_tokens'])
      .optional()
      .describe('How the output limit is called.'),
    reasoning: z
      .enum(['effort', 'openrouter', 'thinking', 'enable_thinking', 'none'])
      .optional()
      .describe(
        'How reasoning is asked for: `reasoning_effort`, `reasoning: { effort }`, `thinking: { type }`, `enable_thinking`, or not at all.',
      ),
    reasoning_history: z
      .enum(['reasoning_content', 'reasoning_details', 'drop'])
      .optional()
      .describe('The field in which earlier reasoning goes back.'),
    stream_usage: z.boolean().optional().describe('`stream_options.include_usage` is understood.'),
    refuses: z
      .array(z.string())
      .optional()
      .describe('Request fields that the provider refuses: names, or paths such as `tools[].defer_loading`.'),
    developer_role: z
      .boolean()
      .optional()
      .describe('Messages of the role `developer` are taken; else they are sent as `system`.'),
    cache_control: z.boolean().optional().describe('`cache_control` marks are understood.'),
    file_parts: z.boolean().optional().describe('PDF documents can be sent as `file` parts.'),
    web_search: z
      .enum(['none', ...searchWays])
      .optional()
      .describe(
        "How the provider's own web search is asked for; `web_search_tool` is the Responses API's tool. See [dialects](dialects.md#web-search).",
      ),
    parallel_tool_calls: z.boolean().optional().describe('`parallel_tool_calls` is understood.'),
    efforts: z
      .array(z.string())
      .optional()
      .describe('Levels that `reasoning_effort` takes, lowest first. Unset: low, medium, high.'),
    json_schema: z
      .enum(['json_schema', 'json_object', 'prompt'])
      .optional()
      .describe('How an answer in a JSON schema is asked for. Unset: `json_schema`.'),
    prompt_cache_key: z.boolean().optional().describe('`prompt_cache_key` is understood.'),
    tool_call_ids: z
      .enum(['any', 'nine-alphanumerics'])
      .optional()
      .describe('Which ids of tool calls are taken.'),
    token_count: z
      .enum(['contents', 'none'])
      .optional()
      .describe(
        "How the provider's own token count is asked for: `contents` is Vertex's way for the dialect gemini; with `none` it is not asked and the router estimates.",
      ),
    embedding_batch: z
      .number()
      .int()
      .positive()
      .optional()
      .describe(
        'How many texts for embeddings one request may hold; more are sent in several. Unset: 100 at Gemini, else 2048.',
      ),
  })
  .describe(
    'What the provider does differently from a plain server of its dialect. Presets know this; here it can be corrected.',
  );

export const providerSchema = z
  .strictObject({
    preset: z
      .string()
      .optional()
      .describe('A known provider; fills in all that is not given here.')
      .meta({ examples: ['deepseek'] }),
    dialect: z
      .enum(dialectIds)
      .optional()
      .describe('The wire format that the provider speaks. Needed without a preset.'),
    base_url: z
      .string()
      .optional()
      .describe(
        'Address: the root, the `/v1` or a full endpoint URL, all are understood. `{model}` in the path stands for the model, and `?api-version=…` is kept (Azure OpenAI). Needed without a preset.',
      )
      .meta({ examples: ['https://api-inference.modelscope.cn/v1'] }),
    keys: z
      .union([z.array(keySchema), z.string().min(1)])
      .optional()
      .describe('Keys of this provider: in a group they are balanced like targets, else tried in order.')
      .meta({ examples: [['secret:modelscope', 'env:MODELSCOPE_2']] }),
    models: z
      .array(modelSchema)
      .optional()
      .describe('Models of this provider. Others can be named in targets all the same.')
      .meta({ examples: [['deepseek-v4-pro', { id: 'deepseek-flash', context: 1_000_000 }]] }),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe('Further request headers.')
      .meta({ examples: [{ 'X-Title': 'Switchyard' }] }),
    proxy: z
      .string()
      .optional()
      .describe(
        'Proxy URL for this provider, or `direct`. Unset: the proxy of the editor or the environment.',
      )
      .meta({ examples: ['http://127.0.0.1:7890', 'direct'] }),
    timeout: timeoutSchema.optional(),
    enabled: z
      .boolean()
      .optional()
      .meta({ description: '`false` switches the provider off.', default: true }),
    quirks: quirksSchema.optional(),
  })
  .describe('One account-like place to call: an address, a dialect, keys and models.');

export type ProviderEntry = z.infer<typeof providerSchema>;
export type ModelEntry = z.infer<typeof modelSchema>;
export type QuirksEntry = z.infer<typeof quirksSchema>;
