// Status answers, refusals and lists of the scripted upstream, in each dialect's words.
import type { ServerResponse } from 'node:http';
import { sides } from './scripted-upstream-sides.ts';
import {
  type JsonObject,
  type RecordedRequest,
  Refusal,
  type ScriptedDialect,
  type StatusAnswer,
} from './scripted-upstream-types.ts';

export function badKey({ dialect, key }: RecordedRequest): Refusal {
  if (dialect === 'anthropic')
    return new Refusal('invalid x-api-key', { status: 401, type: 'authentication_error' });
  if (dialect === 'gemini')
    return new Refusal('API key not valid. Please pass a valid API key.', { type: 'INVALID_ARGUMENT' });
  return new Refusal(key === undefined ? "You didn't provide an API key." : 'Incorrect API key provided.', {
    status: 401,
    code: 'invalid_api_key',
  });
}

export function noModel({ dialect, model }: RecordedRequest): Refusal {
  if (dialect === 'anthropic')
    return new Refusal(`model: ${model}`, { status: 404, type: 'not_found_error' });
  if (dialect === 'gemini')
    return new Refusal(
      `models/${model} is not found for API version v1beta, or is not supported for generateContent.`,
      { status: 404, type: 'NOT_FOUND' },
    );
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return new Refusal(message, { status: 404, code: 'model_not_found' });
}

/** What the providers say when a prompt does not fit. */
export function tooLong(dialect: ScriptedDialect, tokens: number, most: number): Refusal {
  if (dialect === 'anthropic') return new Refusal(`prompt is too long: ${tokens} tokens > ${most} maximum`);
  if (dialect === 'gemini')
    return new Refusal(
      `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${most}).`,
    );
  if (dialect === 'openai-responses')
    return new Refusal(
      'Your input exceeds the context window of this model. Please adjust your input and try again.',
      { param: 'input', code: 'context_length_exceeded' },
    );
  return new Refusal(
    `This model's maximum context length is ${most} tokens. However, your messages resulted in ${tokens} tokens. ` +
      'Please reduce the length of the messages.',
    { param: 'messages', code: 'context_length_exceeded' },
  );
}

export function modelList(dialect: ScriptedDialect, models: string[]): JsonObject {
  if (dialect === 'gemini')
    return {
      models: models.map((id) => ({
        name: `models/${id}`,
        displayName: id,
        supportedGenerationMethods: ['generateContent', 'countTokens'],
      })),
    };
  if (dialect !== 'anthropic')
    return {
      object: 'list',
      data: models.map((id) => ({ id, object: 'model', created: 1_764_000_000, owned_by: 'scripted' })),
    };
  const data = models.map((id) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: '2026-01-01T00:00:00Z',
  }));
  return { data, has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null };
}

export function writeJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function writeStatus(
  response: ServerResponse,
  dialect: ScriptedDialect,
  answer: StatusAnswer,
  id: string,
): void {
  const { status, body, error, headers } = answer;
  if (error !== undefined) writeError(response, dialect, status, error, id, headers);
  else if (typeof body !== 'string') writeJson(response, status, body, headers);
  else {
    response.writeHead(status, {
      'content-type': body.startsWith('<') ? 'text/html' : 'text/plain',
      ...headers,
    });
    response.end(body);
  }
}

export function writeError(
  response: ServerResponse,
  dialect: ScriptedDialect,
  status: number,
  error: { type: string; message: string; code?: string | null; param?: string | null },
  id: string,
  headers: Record<string, string> = {},
): void {
  writeJson(response, status, sides[dialect].error(error, id, status), {
    ...headers,
    'request-id': `req_${id}`,
  });
}
