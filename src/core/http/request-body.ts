// The body is decoded and parsed here and nowhere else: once per exchange.
import { ClientError } from '../client-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a JSON object from a request's bytes.
 * @throws ClientError (400) that says whether the bytes are missing, no UTF-8, no JSON, or no object.
 */
export function parseRequestBody(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length === 0)
    throw new ClientError(400, 'invalid_request_error', 'The request has no body; send a JSON object.');
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new ClientError(400, 'invalid_request_error', 'The request body is not valid UTF-8.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ClientError(
      400,
      'invalid_request_error',
      `The request body is not valid JSON: ${reason(error)}.`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ClientError(400, 'invalid_request_error', 'The request body must be a JSON object.');
  return value as Record<string, unknown>;
}

/** V8's message without the excerpt of the body that it quotes. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = /at position \d+( \(line \d+ column \d+\))?/.exec(message)?.[0];
  return position ? `unexpected text ${position}` : 'it ends too early or holds an unexpected character';
}
