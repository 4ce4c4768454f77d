// A request names what only one account has, and a firewall refuses what no key is to blame for.
import { anthropic, type Case, openAi } from './answer-case.ts';

const denied = (message: string, code = 403, status = 'PERMISSION_DENIED') => ({
  error: { code, message, status },
});

const missing: [who: string, status: number, body: unknown][] = [
  ['Anthropic', 404, anthropic('not_found_error', 'File not found: file_011CNha8iCJcU1wXNR6q4V8w')],
  ['Anthropic', 404, anthropic('not_found_error', 'Container not found: container_01')],
  ['OpenAI', 400, openAi("Previous response with id 'resp_1' not found.", 'previous_response_not_found')],
  ['OpenAI', 404, openAi("Conversation with id 'conv_1' not found.")],
  [
    'OpenAI',
    404,
    openAi("Item with id 'rs_1' not found. Items are not persisted when `store` is set to false."),
  ],
  ['OpenAI', 404, openAi("No file found with id 'file-1'.")],
  ['OpenAI', 404, openAi('Vector store vs_1 not found')],
  ['Google', 403, denied('CachedContent not found (or permission denied)')],
  ['Google', 403, denied('You do not have permission to access the File abc or it may not exist.')],
];

/** Tools, arguments and fields of the client's with names like limits, models and keys. */
const ownMistakes: [who: string, status: number, body: unknown][] = [
  ['OpenAI', 400, openAi('Duplicate tool name: billing_lookup')],
  [
    'Anthropic',
    400,
    anthropic('invalid_request_error', 'tools: Tool names must be unique. (get_usage_limits)'),
  ],
  [
    'OpenAI',
    400,
    openAi("Invalid 'messages[5].tool_calls[0].function.arguments': tool 'set_daily_spend_limit' expects x"),
  ],
  [
    'Google',
    400,
    denied(
      'tools[0].function_declarations[3].name: Invalid function name get billing info',
      400,
      'INVALID_ARGUMENT',
    ),
  ],
  ['OpenAI', 400, openAi("1 validation error: input_value={'billing': 12}")],
  ['OpenAI', 400, openAi('Failed to parse tool arguments for unknown model_call')],
];

export const missingThings: Case[] = [
  ...ownMistakes.map(
    ([who, status, body]): Case => ({
      who: `${who}: a mistake in what the client named`,
      status,
      body,
      means: ['invalid-request', 'request'],
    }),
  ),
  ...missing.map(
    ([who, status, body]): Case => ({
      who: `${who}: something that is not there`,
      status,
      body,
      means: ['invalid-request', 'request'],
      retry: 'next',
    }),
  ),
  {
    who: 'Cloudflare: a firewall',
    status: 403,
    body: '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>',
    means: ['server', 'deployment'],
  },
  {
    who: 'nginx: a wrong path',
    status: 404,
    body: 'File not found.',
    means: ['model-not-found', 'deployment'],
  },
];
