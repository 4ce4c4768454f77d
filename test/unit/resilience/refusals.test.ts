// One line per wording: who says it, with which status, what it says, what is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeErrorBody } from '../../../src/core/dialects/error-body.ts';
import type { ProfileChange } from '../../../src/core/dialects/remedy.ts';
import { classifyAnswer } from '../../../src/core/resilience/classify.ts';
import { remedyFor } from '../../../src/core/resilience/refusals.ts';

const drops = (...refuses: string[]): ProfileChange => ({ quirks: { refuses } });
const noHistory: ProfileChange = { thinkingHistory: 'dropped', quirks: { reasoningHistory: 'drop' } };

const refusals: [who: string, status: number, text: string, change: ProfileChange | undefined][] = [
  [
    'OpenAI',
    400,
    "Unsupported parameter: 'temperature' is not supported with this model.",
    drops('temperature'),
  ],
  [
    'OpenAI',
    400,
    "Unsupported value: 'temperature' does not support 0.16 with this model. Only the default (1) value is supported.",
    drops('temperature'),
  ],
  [
    'OpenAI',
    400,
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    { quirks: { maxTokensField: 'max_completion_tokens' } },
  ],
  [
    'OpenAI',
    400,
    "Unsupported parameter: 'reasoning.summary' is not supported with this model.",
    drops('reasoning.summary'),
  ],
  ['OpenAI', 400, "Unknown parameter: 'stream_options'.", drops('stream_options')],
  ['OpenAI', 400, "Unknown parameter: 'tools[0].function.strict'.", drops('tools[].function.strict')],
  ['OpenAI', 400, "'parallel_tool_calls' is not supported with this model.", drops('parallel_tool_calls')],
  [
    'OpenAI',
    400,
    "Unsupported value: 'reasoning_effort' does not support 'xhigh' with this model. Supported values are: 'minimal', 'low', 'medium', and 'high'.",
    { quirks: { efforts: ['minimal', 'low', 'medium', 'high'] } },
  ],
  [
    'OpenAI',
    400,
    "Invalid schema for function 'Task': In context=(), 'oneOf' is not permitted.",
    { schemas: 'plain' },
  ],
  [
    'OpenAI',
    400,
    'max_tokens is too large: 100000. This model supports at most 16384 completion tokens, whereas you provided 100000.',
    { maxOutput: 16384 },
  ],
  ['OpenAI', 400, 'Invalid content type. image_url is only supported by certain models.', { vision: false }],
  ['OpenAI', 400, 'The encrypted content for item rs_1 could not be verified.', noHistory],
  ['Azure', 400, 'Unrecognized request argument supplied: stream_options', drops('stream_options')],
  ['Anthropic', 400, 'messages.1.content.0: Invalid `signature` in `thinking` block', noHistory],
  [
    'Anthropic',
    400,
    'messages.129.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`. When `thinking` is enabled, a final `assistant` message must start with a thinking block',
    noHistory,
  ],
  [
    'Anthropic',
    400,
    'messages.3.content.8: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
    noHistory,
  ],
  ['Anthropic', 400, 'context_management: Extra inputs are not permitted', drops('context_management')],
  [
    'Anthropic',
    400,
    'tools.0.custom.defer_loading: Extra inputs are not permitted; tools.4.custom.input_examples: Extra inputs are not permitted',
    drops('tools[].custom.defer_loading', 'tools[].custom.input_examples'),
  ],
  [
    'Anthropic',
    400,
    '`temperature` and `top_p` cannot both be specified for this model. Please use only one.',
    drops('top_p'),
  ],
  ['Anthropic', 400, '`temperature` may only be set to 1 when thinking is enabled.', drops('temperature')],
  ['Anthropic', 400, '`top_k` must be unset when thinking is enabled.', drops('top_k')],
  ['Anthropic', 400, '`temperature` is deprecated for this model.', drops('temperature')],
  [
    'Anthropic',
    400,
    'max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5',
    { maxOutput: 64000 },
  ],
  [
    'Anthropic',
    400,
    'This model does not support the effort parameter.',
    drops('output_config.effort', 'reasoning_effort', 'reasoning.effort'),
  ],
  ['Anthropic', 400, 'adaptive thinking is not supported on this model', { thinkingType: 'enabled' }],
  [
    'Anthropic',
    400,
    '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort"',
    { thinkingType: 'adaptive' },
  ],
  ['Anthropic', 400, "messages.1.role: Input should be 'user' or 'assistant'", { systemMessages: 'folded' }],
  [
    'Anthropic',
    400,
    "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    { toolNames: 'short' },
  ],
  [
    'Anthropic',
    400,
    'tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level',
    { schemas: 'plain' },
  ],
  [
    'Anthropic',
    400,
    'messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6000000 bytes > 5242880 bytes',
    { vision: false },
  ],
  [
    'Anthropic',
    400,
    'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    { quirks: { refuses: ['*.cache_control'], cacheControl: false } },
  ],
  [
    'Anthropic',
    400,
    'Unexpected value(s) `context-1m-2025-08-07` for the `anthropic-beta` header.',
    { refusedBetas: ['context-1m-2025-08-07'] },
  ],
  [
    'Anthropic',
    400,
    'input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again',
    { maxOutput: 11696 },
  ],
  ['Bedrock', 400, 'invalid beta flag', { refusedBetas: 'all' }],
  [
    'Bedrock',
    400,
    'The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.',
    { maxOutput: 8192 },
  ],
  [
    'DeepSeek',
    400,
    'Invalid max_tokens value, the valid range of max_tokens is [1, 8192]',
    { maxOutput: 8192 },
  ],
  [
    'DeepSeek',
    400,
    'Failed to deserialize the JSON body into the target type: messages[1]: unknown variant `image_url`, expected `text` at line 1 column 679289',
    { vision: false },
  ],
  ['DeepSeek', 400, 'deepseek-reasoner does not support the parameter `temperature`', drops('temperature')],
  ['DeepSeek', 400, 'Thinking mode does not support this tool_choice', { quirks: { reasoning: 'thinking' } }],
  [
    'DeepSeek',
    400,
    'The `reasoning_content` in the thinking mode must be passed back to the API.',
    { quirks: { reasoningHistory: 'reasoning_content' } },
  ],
  [
    'DeepSeek',
    400,
    'This response_format type is unavailable now',
    { quirks: { jsonSchema: 'json_object' } },
  ],
  ['Moonshot', 400, 'invalid temperature: only 1 is allowed for this model', drops('temperature')],
  [
    'Moonshot',
    400,
    'thinking is enabled but reasoning_content is missing in assistant tool call message at index 2',
    { quirks: { reasoningHistory: 'reasoning_content' } },
  ],
  [
    'DashScope',
    400,
    '<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]',
    { maxOutput: 8192 },
  ],
  [
    'DashScope',
    400,
    'parameter.enable_thinking must be set to false for non-streaming calls',
    { quirks: { reasoning: 'enable_thinking' } },
  ],
  [
    'DashScope',
    400,
    '<400> InternalError.Algo.InvalidParameter: The tool_choice parameter does not support being set to required or object in thinking mode',
    { quirks: { reasoning: 'enable_thinking' } },
  ],
  [
    'DashScope',
    400,
    'The thinking_budget parameter must be a positive integer and not greater than 38912',
    drops('thinking_budget'),
  ],
  [
    'Volcengine',
    400,
    'The parameter max_tokens specified in the request is not valid: integer above maximum value, expected a value <= 32768, but got 64000 instead.',
    { maxOutput: 32768 },
  ],
  [
    'Xiaomi',
    400,
    'Param Incorrect max_tokens is too large: 1048576. This model supports at most 131072 completion tokens, whereas you provided 1048576.',
    { maxOutput: 131072 },
  ],
  [
    'Google',
    400,
    `Invalid JSON payload received. Unknown name "exclusiveMinimum" at 'tools[0].function_declarations[6].parameters.properties[3].value': Cannot find field.`,
    { schemas: 'plain' },
  ],
  [
    'Google',
    400,
    `Invalid JSON payload received. Unknown name "seed2" at 'generation_config': Cannot find field.\nInvalid JSON payload received. Unknown name "labels": Cannot find field.`,
    drops('generation_config.seed2', 'labels'),
  ],
  [
    'Google',
    400,
    'Unable to submit request because it has a maxOutputTokens value of 100000 but the supported range is from 1 (inclusive) to 65537 (exclusive).',
    { maxOutput: 65536 },
  ],
  [
    'Google',
    400,
    'The thinking budget 40000 is invalid. Please choose a value between 512 and 24576.',
    drops('generationConfig.thinkingConfig'),
  ],
  [
    'Google',
    400,
    'Budget 0 is invalid. This model only works in thinking mode.',
    drops('generationConfig.thinkingConfig'),
  ],
  ['Google', 400, 'Thinking level is not supported for this model.', { reasoning: false }],
  ['Google', 400, 'Corrupted thought signature.', noHistory],
  [
    'Google',
    400,
    "Function calling with a response mime type: 'application/json' is unsupported",
    { quirks: { jsonSchema: 'prompt' } },
  ],
  [
    'xAI',
    400,
    'Model grok-code-fast-1 does not support parameter reasoningEffort.',
    drops('reasoningEffort'),
  ],
  ['xAI', 400, 'Argument not supported on this model: stop', drops('stop')],
  [
    'Groq',
    400,
    "'messages.0' : for 'role:assistant' the following must be satisfied[('messages.0' : property 'reasoning_content' is unsupported)]",
    { ...noHistory },
  ],
  ['Groq', 400, "property 'cache_control' is unsupported", drops('cache_control')],
  [
    'Groq',
    400,
    '`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window`',
    { maxOutput: 8192 },
  ],
  [
    'Groq',
    400,
    'This model does not support response format `json_schema`.',
    { quirks: { jsonSchema: 'json_object' } },
  ],
  ['Mistral', 422, 'body.reasoning_effort: Extra inputs are not permitted', drops('reasoning_effort')],
  [
    'Mistral',
    400,
    'Tool call id was call_abc but must be a-z, A-Z, 0-9, with a length of 9.',
    { quirks: { toolCallIds: 'nine-alphanumerics' } },
  ],
  [
    'Fireworks',
    400,
    "Extra inputs are not permitted, field: 'thinking', value: {'type': 'enabled'}",
    drops('thinking'),
  ],
  [
    'LiteLLM',
    400,
    "litellm.UnsupportedParamsError: openai does not support parameters: ['reasoning_effort'], for model=gpt-4o.",
    drops('reasoning_effort'),
  ],
  [
    'vLLM',
    400,
    "This model's maximum context length is 32768 tokens. However, you requested 40000 tokens (8000 in the messages, 32000 in the completion). Please reduce the length of the messages or completion.",
    { maxOutput: 24704 },
  ],
  [
    'vLLM',
    400,
    "'max_tokens' or 'max_completion_tokens' is too large: 32000. This model's maximum context length is 32768 tokens and your request has 5000 input tokens (32000 > 32768 - 5000).",
    { maxOutput: 27704 },
  ],
  ['vLLM', 400, 'Qwen/Qwen3-8B is not a multimodal model', { vision: false }],
  ['Ollama', 400, '"qwen2.5:7b" does not support thinking', { reasoning: false }],
  [
    'llama.cpp',
    500,
    'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
    { vision: false },
  ],
  [
    'Cerebras',
    403,
    'multimodal_not_enabled Multimodal is not enabled for your organization and model',
    { vision: false },
  ],
  ['OpenRouter', 404, 'No endpoints found that support image input', { vision: false }],
  ['OpenRouter', 400, 'Reasoning is mandatory for this endpoint and cannot be disabled.', drops('reasoning')],
  [
    'OpenAI',
    400,
    "Invalid value: 'xhigh'. Supported values are: 'low', 'medium', and 'high'. reasoning.effort",
    { quirks: { efforts: ['low', 'medium', 'high'] } },
  ],
  ['OpenAI', 400, 'Encrypted content is not supported with this model. include', drops('include')],
  [
    'Google',
    400,
    'Thinking level MINIMAL is not supported for this model.',
    drops('generationConfig.thinkingConfig'),
  ],
  [
    'DeepSeek',
    400,
    'messages[0].role: unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`',
    { quirks: { developerRole: false } },
  ],
  [
    'Groq',
    400,
    "'messages.0' : discriminator property 'role' has invalid value; 'developer' is not one of ['system']",
    { quirks: { developerRole: false } },
  ],
  // Nothing that could be mended.
  ['Anthropic', 400, 'messages: text content blocks must be non-empty', undefined],
  ['Anthropic', 400, 'max_tokens: Field required', undefined],
  ['Anthropic', 400, 'prompt is too long: 250000 tokens > 200000 maximum', undefined],
  ['OpenAI', 400, "Missing required parameter: 'tools[0].name'.", undefined],
  [
    'OpenAI',
    400,
    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
    undefined,
  ],
  ['OpenAI', 400, "Unsupported parameter: 'model' is not supported.", undefined],
  [
    'vLLM',
    400,
    "This model's maximum context length is 32768 tokens. However, you requested 64500 tokens (32500 in the messages, 32000 in the completion).",
    undefined,
  ],
  ['OpenAI', 401, "Unsupported parameter: 'temperature' is not supported with this model.", undefined],
  ['Ollama', 400, 'registry.ollama.ai/library/gemma:2b does not support tools', undefined],
];

for (const [who, status, text, change] of refusals)
  test(`${who} ${status}: ${text.slice(0, 70)}`, () =>
    assert.deepEqual(remedyFor({ status, text })?.change, change));

test('what a relay wraps is recognised too', () => {
  const raw = {
    error: { message: "Unsupported parameter: 'temperature' is not supported with this model." },
  };
  const body = {
    error: {
      code: 400,
      message: 'Provider returned error',
      metadata: { provider_name: 'OpenAI', raw: JSON.stringify(raw) },
    },
  };
  const failure = classifyAnswer(400, decodeErrorBody(400, JSON.stringify(body)));
  assert.deepEqual(failure.remedy?.change, drops('temperature'));
  assert.deepEqual([failure.kind, failure.retry], ['invalid-request', 'never']);
});

test('the reason may stand in the field that names the parameter', () => {
  const body = {
    error: {
      code: '400',
      message: 'Param Incorrect',
      param: 'max_tokens is too large: 9. This model supports at most 8192 completion tokens',
    },
  };
  assert.equal(
    classifyAnswer(400, decodeErrorBody(400, JSON.stringify(body))).remedy?.change.maxOutput,
    8192,
  );
});

test('a model that takes no images is no missing model and no refused key', () => {
  for (const status of [403, 404, 500]) {
    const failure = classifyAnswer(status, { type: 'e', message: 'This model does not support image input' });
    assert.deepEqual([failure.kind, failure.scope, failure.status], ['invalid-request', 'request', 400]);
  }
});

test('an endless error is read in no time', () => {
  const started = performance.now();
  for (const text of ['tools'.repeat(100_000), 'max_tokens '.repeat(50_000), "parameter '".repeat(50_000)])
    classifyAnswer(400, { type: 'e', message: text });
  classifyAnswer(400, { type: 'e', message: 'no', code: 'request_too_large '.repeat(10_000) });
  assert.ok(performance.now() - started < 1000);
});

test('one bad picture takes the images of its conversation only', () => {
  for (const [text, span] of [
    ['图片输入格式/解析错误', 'conversation'],
    ['图片大小超过限制', 'conversation'],
    ['Image content type image/bmp is not supported', 'conversation'],
    ['Invalid image data: image format not supported', 'conversation'],
    ['该模型不支持图片输入', 'model'],
    ['This model does not support image input', 'model'],
  ] as const) {
    const remedy = remedyFor({ status: 400, text });
    assert.deepEqual([remedy?.change, remedy?.span], [{ vision: false }, span], text);
  }
});
