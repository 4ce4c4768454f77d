// A generateContent request as a Messages request.
import { type JsonObject, textOf } from '../../../json/values.ts';
import type { HubRequest } from '../../hub.ts';
import type { Carried } from '../../only-carried.ts';
import { nativeFields } from '../native-fields.ts';
import { askedConfig } from './asked-config.ts';
import { askedMessages, askedSystem } from './asked-contents.ts';
import { fieldOf, refused } from './asked-field.ts';
import { askedTools } from './asked-tools.ts';

/**
 * @param body as it came, with `model` and `stream` from the request's path added (`askedOf`)
 * Throws `ClientError` (400) that names the field.
 */
export function decodeGeminiRequest(body: Record<string, unknown>, carried?: Carried): HubRequest {
  const model = textOf(body.model)?.replace(/^models\//, '');
  if (model === undefined) throw refused('* GenerateContentRequest.model: unexpected model name format');
  const messages = askedMessages(body);
  const system = askedSystem(body);
  const { fields, instruction } = askedConfig(body, carried);
  if (instruction !== undefined) system.push({ type: 'text', text: instruction });
  const { tools, choice } = askedTools(body);
  const request: JsonObject = { model, messages, ...fields, stream: body.stream === true };
  if (system.length > 0) request.system = system;
  if (tools.length > 0) request.tools = tools;
  if (choice && tools.length > 0) request.tool_choice = choice;
  for (const name of nativeFields) {
    const value = fieldOf(body, name);
    if (value !== undefined) request[name] = value;
  }
  // `max_tokens` may be missing: upstreams that need it have a default.
  return request as unknown as HubRequest;
}

/** What a path below `/v1beta` or `/v1` asks for: `models/x:generateContent`, names with slashes and colons included. */
export function readModelPath(path: string): { model: string; verb: string } | undefined {
  const match = /^\/?(?:models|tunedModels)\/(.+):([a-zA-Z]+)$/.exec(path);
  if (!match?.[1] || !match[2]) return undefined;
  try {
    return { model: decodeURIComponent(match[1]), verb: match[2] };
  } catch {
    return undefined;
  }
}

/** The body together with what Google's API has in the path. */
export function askedOf(
  body: Record<string, unknown>,
  model: string,
  stream: boolean,
): Record<string, unknown> {
  return { ...body, model, stream };
}
