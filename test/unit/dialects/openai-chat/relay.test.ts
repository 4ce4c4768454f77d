// What is changed in a chat client's request before a chat completions upstream gets it, byte by byte.
import { shortHash } from '../../../../src/core/dialects/short-hash.ts';
import { carrySignature } from '../../../../src/core/dialects/signature-carrier.ts';
import { pdf, png } from '../claude-code-request.ts';
import { testCases } from '../relayed-request.ts';

const hi = ', "messages" : [{"role" : "user", "content" : "h\\u00e9"}]';
const messages = (...list: object[]) => `,"messages":${JSON.stringify(list)}`;
const user = { role: 'user', content: 'go on' };
const call = (id: string, more: object = {}) => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: '{}' },
  ...more,
});

testCases('openai-chat', {
  'nothing but the name of the model': [`${hi}, "n" : 2, "seed" : 1.0`, `${hi}, "n" : 2, "seed" : 1.0`],
  'a limit under the name that the upstream knows, as it was written': [
    `${hi}, "max_tokens" : 1e2`,
    `${hi}, "max_tokens" : 1e2`,
    { maxOutput: 100 },
  ],
  'a limit under another name': [`${hi}, "max_completion_tokens" : 100`, `${hi},"max_tokens":100`],
  'the same the other way round': [
    `, "max_tokens" : 100${hi}`,
    `${hi},"max_completion_tokens":100`,
    { quirks: { maxTokensField: 'max_completion_tokens' } },
  ],
  'of two limits the newer one counts': [
    `${hi}, "max_tokens" : 50, "max_completion_tokens" : 100`,
    `${hi}, "max_tokens" : 100`,
  ],
  'a limit of null is none': [
    `${hi}, "max_completion_tokens" : null`,
    `${hi}, "max_completion_tokens" : null`,
  ],
  'a limit above what the model can write': [
    `${hi}, "max_tokens" : 100, "stop" : [ ]`,
    `${hi}, "max_tokens" : 50, "stop" : [ ]`,
    { maxOutput: 50 },
    /^max_tokens lowered from 100 to 50$/,
  ],
  "the model's own parameters, where the client left them open": [
    `${hi}, "temperature" : 0.50, "top_p" : null`,
    `${hi}, "temperature" : 0.50, "top_p" : 0.9,"max_completion_tokens":7,"x_more":{"a":1}`,
    {
      params: { temperature: 1, top_p: 0.9, max_tokens: 7, x_more: { a: 1 } },
      quirks: { maxTokensField: 'max_completion_tokens' },
    },
  ],
  'a limit of the client under another name goes before that of the parameters': [
    `${hi}, "max_completion_tokens" : 3`,
    `${hi},"max_tokens":3`,
    { params: { max_completion_tokens: 7 } },
  ],
  'refused fields and paths': [
    `, "logprobs" : true${hi}, "tools" : [{"type":"function","function":{"name":"a","strict":true}}], "user" : "u"`,
    `${hi}, "tools" : [{"type":"function","function":{"name":"a"}}], "user" : "u"`,
    { quirks: { refuses: ['logprobs', 'tools[].function.strict', 'seed', 'messages'] } },
    /^logprobs, tools\[\].function.strict dropped: up refuses it$/,
  ],
  "a refused field that is the model's own parameter": [
    `${hi}, "seed" : 1.0`,
    `${hi}, "seed" : 1.0`,
    { quirks: { refuses: ['seed'] }, params: { seed: 2 } },
  ],
  'parallel calls, where they can not be switched off': [
    `${hi}, "parallel_tool_calls" : false`,
    hi,
    { quirks: { parallelToolCalls: false } },
    /^parallel_tool_calls dropped/,
  ],
});

// Reasoning in the words of another server.
testCases('openai-chat', {
  'reasoning in the words of the upstream': [
    `${hi}, "reasoning_effort" : "high"`,
    `${hi}, "reasoning_effort" : "high"`,
  ],
  'a level that the upstream does not know': [
    `${hi}, "reasoning_effort" : "xhigh"`,
    `${hi}, "reasoning_effort" : "high"`,
    { quirks: { efforts: ['none', 'low', 'high'] } },
  ],
  'a level that the upstream does not know, beside the words of another': [
    `${hi}, "reasoning_effort" : "xhigh", "thinking" : {"type":"enabled"}`,
    `${hi}, "reasoning_effort" : "high"`,
    { quirks: { efforts: ['low', 'high'] } },
    /^thinking said in the words of up$/,
  ],
  "OpenRouter's words": [
    `${hi}, "reasoning" : {"effort":"medium"}`,
    `${hi},"reasoning_effort":"medium"`,
    {},
    /^reasoning said in the words of up$/,
  ],
  "DeepSeek's words": [
    `${hi}, "thinking" : {"type":"disabled"}`,
    `${hi},"enable_thinking":false`,
    { quirks: { reasoning: 'enable_thinking' } },
    /^thinking said/,
  ],
  "OpenAI's words": [
    `${hi}, "reasoning_effort" : "high"`,
    `${hi},"thinking":{"type":"enabled"}`,
    { quirks: { reasoning: 'thinking' } },
    /^reasoning_effort said/,
  ],
  'OpenRouter takes its own words and those of OpenAI': [
    `${hi}, "reasoning" : {"max_tokens":2e3}, "reasoning_effort" : "high"`,
    `${hi}, "reasoning" : {"max_tokens":2e3}, "reasoning_effort" : "high"`,
    { quirks: { reasoning: 'openrouter' } },
  ],
  'a model that does not reason': [
    `${hi}, "reasoning_effort" : "high", "seed" : 1.0`,
    `${hi}, "seed" : 1.0`,
    { id: 'gpt-4o' },
    /^reasoning_effort dropped: up does not take it$/,
  ],
  'an upstream that refuses to be asked': [
    `${hi}, "thinking" : {"type":"enabled"}, "thinking_budget" : 9`,
    hi,
    { quirks: { reasoning: 'none' } },
    /^thinking, thinking_budget dropped/,
  ],
});

// Streams end with their counts.
testCases('openai-chat', {
  'counts of a stream are asked for': [
    `${hi}, "stream" : true`,
    `${hi}, "stream" : true,"stream_options":{"include_usage":true}`,
  ],
  'options of a stream stay': [
    `${hi}, "stream_options" : {"x":1}, "stream" : true`,
    `${hi}, "stream_options" : {"x":1,"include_usage":true}, "stream" : true`,
  ],
  'counts that the client asks for itself': [
    `${hi}, "stream" : true, "stream_options" : { "include_usage" : true }`,
    `${hi}, "stream" : true, "stream_options" : { "include_usage" : true }`,
  ],
  'an upstream that does not know the option': [
    `${hi}, "stream" : true, "stream_options" : {"include_usage":true}`,
    `${hi}, "stream" : true`,
    { quirks: { streamUsage: false } },
    /^stream_options.include_usage dropped/,
  ],
  'an upstream that does not know the option, beside others': [
    `${hi}, "stream" : true, "stream_options" : {"include_usage":true,"x":1}`,
    `${hi}, "stream" : true, "stream_options" : {"x":1}`,
    { quirks: { streamUsage: false } },
    /^stream_options.include_usage dropped/,
  ],
  'a whole answer has its counts': [`${hi}, "stream" : false`, `${hi}, "stream" : false`],
});

const schema = { type: 'object', properties: { a: { type: 'string' } } };
const format = `, "response_format" : ${JSON.stringify({ type: 'json_schema', json_schema: { name: 'x', schema } })}`;
const inWords = `Answer with one JSON value only, without any other text, that matches this JSON schema:\n${JSON.stringify(schema)}`;

testCases('openai-chat', {
  'a schema that the upstream takes': [`${hi}${format}`, `${hi}${format}`],
  'a schema in words': [
    `${messages(user)}${format}, "seed" : 1.0`,
    `${messages({ role: 'system', content: inWords }, user)}, "seed" : 1.0`,
    { quirks: { jsonSchema: 'prompt' } },
    /schema said in words/,
  ],
  'a schema in words, behind those of the client': [
    `${messages({ role: 'system', content: 'Be kind.' }, user)}${format}`,
    `${messages({ role: 'system', content: `Be kind.\n\n${inWords}` }, user)}, "response_format" : {"type":"json_object"}`,
    { quirks: { jsonSchema: 'json_object' } },
    /schema said in words/,
  ],
  'JSON without a schema': [
    `${hi}, "response_format" : { "type" : "json_object" }`,
    `${hi}, "response_format" : { "type" : "json_object" }`,
    { quirks: { jsonSchema: 'prompt' } },
  ],
});

// Messages: a list that changes is written anew, whatever else is in it as it was.
const developer = { role: 'developer', content: 'Be kind.', name: 'x' };
const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${png}`, detail: 'high' } };
const file = { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } };
const marked = { type: 'text', text: 'a', cache_control: { type: 'ephemeral' } };
const long = `call_${'x'.repeat(60)}`;
/** 40 characters. */
const shortened = `call_${'x'.repeat(26)}_${shortHash(long)}`;
const nine = `c${shortHash('call_1')}`;

testCases('openai-chat', {
  'developer messages': [messages(developer, user), messages({ ...developer, role: 'system' }, user)],
  'developer messages, where they are known': [
    messages(developer, user),
    messages(developer, user),
    { quirks: { developerRole: true } },
  ],
  'turns of the assistant that say nothing': [
    messages(user, { role: 'assistant', content: ' ' }, { role: 'assistant', content: null }, user),
    messages(user, user),
  ],
  'ids of calls that are too long, and their results': [
    messages(
      user,
      { role: 'assistant', content: null, tool_calls: [call(long), call('call_1', { x: 1 })] },
      {
        role: 'tool',
        tool_call_id: long,
        content: 'a',
      },
    ),
    messages(
      user,
      { role: 'assistant', content: null, tool_calls: [call(shortened), call('call_1', { x: 1 })] },
      { role: 'tool', tool_call_id: shortened, content: 'a' },
    ),
  ],
  'ids of nine letters and digits': [
    messages(
      user,
      { role: 'assistant', content: '', tool_calls: [call('call_1'), call('abcDEF123')] },
      {
        role: 'tool',
        tool_call_id: 'call_1',
        content: 'a',
      },
    ),
    messages(
      user,
      { role: 'assistant', content: '', tool_calls: [call(nine), call('abcDEF123')] },
      {
        role: 'tool',
        tool_call_id: nine,
        content: 'a',
      },
    ),
    { quirks: { toolCallIds: 'nine-alphanumerics' } },
  ],
  'images and files that the model reads': [
    messages({ role: 'user', content: [image, file] }),
    messages({ role: 'user', content: [image, file] }),
    { quirks: { fileParts: true } },
  ],
  'images and files that the model does not read': [
    messages({ role: 'user', content: [{ type: 'text', text: 'a', x: 1 }, image, file] }),
    messages({
      role: 'user',
      content: [
        { type: 'text', text: 'a', x: 1 },
        { type: 'text', text: "[Image (image/png, 70 bytes) left out: the model real can't read images]" },
        {
          type: 'text',
          text: '[Document ("a.pdf", application/pdf, 15 bytes) left out: the model real can\'t read PDF documents]',
        },
      ],
    }),
    { vision: false, pdf: false },
    /^image replaced by text: real can't read it\ndocument replaced by text/,
  ],
  'files by id, which only the upstream knows': [
    messages({ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }),
    messages({ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }),
    { pdf: false },
  ],
  'marks of a cache': [
    `${messages({ role: 'user', content: [marked], cache_control: 1 })}, "tools" : [{"type":"function","function":{"name":"a"},"cache_control":{}}]`,
    `${messages({ role: 'user', content: [{ type: 'text', text: 'a' }] })}, "tools" : [{"type":"function","function":{"name":"a"}}]`,
  ],
  'marks of a cache, where they are known': [
    messages({ role: 'user', content: [marked] }),
    messages({ role: 'user', content: [marked] }),
    { quirks: { cacheControl: true } },
  ],
});

// Earlier thinking.
const said = (more: object) => ({ role: 'assistant', content: 'a', ...more });
const detail = (more: object) => ({
  type: 'reasoning.text',
  text: 'hm',
  format: 'anthropic-claude-v1',
  index: 0,
  ...more,
});

testCases('openai-chat', {
  'thinking that does not go back': [
    messages(user, said({ reasoning_content: 'hm', reasoning_details: [detail({})], x: 1 })),
    messages(user, said({ x: 1 })),
    {},
    /^earlier reasoning left out: up does not take it$/,
  ],
  'thinking that goes back as it came': [
    messages(user, said({ reasoning_content: 'hm' })),
    messages(user, said({ reasoning_content: 'hm' })),
    { quirks: { reasoningHistory: 'reasoning_content' } },
  ],
  'thinking under the name that the upstream knows': [
    messages(user, said({ reasoning: 'hm', reasoning_details: [detail({})] })),
    messages(user, said({ reasoning_content: 'hm' })),
    { quirks: { reasoningHistory: 'reasoning_content' } },
  ],
  'a call without the thinking before it': [
    messages(user, said({ tool_calls: [call('call_1')] })),
    messages(user, said({ tool_calls: [call('call_1')], reasoning_content: ' ' })),
    { quirks: { reasoningHistory: 'reasoning_content' } },
  ],
  'details that the upstream gave': [
    messages(user, said({ reasoning_details: [detail({ signature: 'EqQB' })] })),
    messages(user, said({ reasoning_details: [detail({ signature: 'EqQB' })] })),
    { quirks: { reasoningHistory: 'reasoning_details' } },
  ],
  'a carried signature of this provider': [
    messages(user, said({ reasoning_details: [detail({ signature: carrySignature('up', 'EqQB') })] })),
    messages(
      user,
      said({
        reasoning_details: [
          { type: 'reasoning.text', text: 'hm', signature: 'EqQB', format: 'anthropic-claude-v1', index: 0 },
        ],
      }),
    ),
    { quirks: { reasoningHistory: 'reasoning_details' } },
  ],
  'a carried signature of another provider': [
    messages(
      user,
      said({
        reasoning_details: [
          detail({ signature: carrySignature('other', 'EqQB') }),
          detail({ index: 1, signature: 'own' }),
        ],
      }),
    ),
    messages(user, said({ reasoning_details: [detail({ index: 1, signature: 'own' })] })),
    { quirks: { reasoningHistory: 'reasoning_details' } },
    /^reasoning details of other providers left out$/,
  ],
  'nothing but carried signatures of another provider': [
    messages(user, said({ reasoning_details: [detail({ signature: carrySignature('other', 'EqQB') })] })),
    messages(user, said({})),
    { quirks: { reasoningHistory: 'reasoning_details' } },
    /^reasoning details of other providers left out$/,
  ],
});
