// One request with all that makes providers differ: what a preset makes of it is kept in test/golden/requests.
import type { HubRequest } from '../../src/core/dialects/hub.ts';

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const pdf = 'JVBERi0xLjQKJeLjz9MK';
const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } };
const document = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: pdf } };
const ephemeral = { type: 'ephemeral' };

/** `$ref`, `anyOf`, formats, tuples and open objects, in which servers differ. */
const trickySchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { place: { type: 'object', properties: { lat: { type: 'number', exclusiveMinimum: -90 } } } },
  properties: {
    where: { $ref: '#/$defs/place' },
    when: { type: 'string', format: 'date-time' },
    unit: { anyOf: [{ type: 'string', enum: ['C', 'F'] }, { type: 'null' }] },
    tags: { type: 'array', items: { type: ['string', 'integer'] }, minItems: 1 },
    kind: { const: 'exact' },
  },
  required: ['where'],
  additionalProperties: false,
};

const answerSchema = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

const parts = {
  model: 'any',
  max_tokens: 20_000,
  stream: true,
  system: [
    { type: 'text', text: 'Be brief.' },
    { type: 'text', text: 'Answer in English.', cache_control: ephemeral },
  ],
  thinking: { type: 'adaptive' },
  output_config: { effort: 'high', format: { type: 'json_schema', schema: answerSchema } },
  temperature: 0.5,
  stop_sequences: ['END', '###'],
  metadata: {
    user_id: '{"device_id":"d","account_uuid":"","session_id":"0f0f0f0f-1111-4222-8333-444444444444"}',
  },
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'What do these show?' }, image, document] },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Two calls at once.', signature: '' },
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: 'toolu_01', name: 'look_up', input: { where: { lat: 1 } } },
        { type: 'tool_use', id: 'toolu_02', name: 'a.name/with:odd characters', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'toolu_01',
          content: [{ type: 'text', text: '20 degrees' }, image],
        },
        { type: 'tool_result', tool_use_id: 'toolu_02', content: 'no such file', is_error: true },
        { type: 'text', text: 'Go on.', cache_control: ephemeral },
      ],
    },
  ],
  tools: [
    { name: 'look_up', description: 'Looks it up.', input_schema: trickySchema },
    {
      name: 'a.name/with:odd characters',
      description: 'Odd.',
      input_schema: { type: 'object', properties: {} },
    },
  ],
  tool_choice: { type: 'auto', disable_parallel_tool_use: true },
};
export const richRequest = parts as unknown as HubRequest;

const search = {
  model: 'any',
  max_tokens: 1000,
  stream: true,
  messages: [{ role: 'user', content: 'Perform a web search for the query: node 24' }],
  tools: [
    {
      type: 'web_search_20250305',
      name: 'web_search',
      max_uses: 8,
      allowed_domains: ['nodejs.org', 'github.com'],
      user_location: { type: 'approximate', country: 'DE' },
    },
  ],
  tool_choice: { type: 'auto' },
};
/** As Claude Code's WebSearch asks. */
export const searchRequest = search as unknown as HubRequest;

/** The same with domains that are not wanted. */
export const blockedSearchRequest = {
  ...search,
  tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8, blocked_domains: ['example.com'] }],
} as unknown as HubRequest;
