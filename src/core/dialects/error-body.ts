// Reads an upstream's error, whoever wrote it: OpenAI's, Anthropic's and Google's objects, bare texts, validation
// lists, relays that wrap another provider's error, plain text and web pages. Shapes: the recorded error answers and
// claude-relay-service's error frames.
import {
  isObject,
  type JsonObject,
  numberOf,
  objectOf,
  objectsOf,
  parseJson,
  textOf,
} from '../json/values.ts';
import type { DecodedError } from './dialect.ts';
import { statusOfCode } from './error-code.ts';
import { errorTypeOfStatus, isErrorType } from './error-type.ts';
import { resetAtOf, retryAfterOf } from './retry-text.ts';

/** What an error object says of itself. */
export interface ToldError {
  message: string;
  /** The upstream's own word, of whatever vocabulary. */
  type?: string;
  code?: string;
  /** The field that it is about. */
  param?: string;
  /** Which limit was hit, where the error has a place for it. */
  limit?: string;
  /** The HTTP status that the error names itself, or that its code stands for. */
  status?: number;
}

const longestMessage = 4000;

/** The error of an answer with an error status. Never throws; there is always a message. */
export function decodeErrorBody(status: number, body: string): DecodedError {
  const text = body.trim();
  const told = toldError(parseJson(text)) ?? { message: plainMessage(status, text) };
  const result: DecodedError = { type: anthropicType(told, status), message: told.message };
  const code = told.code ?? told.type;
  if (code !== undefined) result.code = code;
  if (told.param !== undefined) result.param = told.param;
  if (told.limit !== undefined) result.limit = told.limit;
  const value = parseJson(text);
  const retryAfter = retryAfterOf(told.message, value);
  if (retryAfter !== undefined) result.retryAfter = retryAfter;
  const resetAt = resetAtOf(told.message, value);
  if (resetAt !== undefined) result.resetAt = resetAt;
  return result;
}

/** Anthropic's own type where the upstream used it and it fits, else the status' type. */
function anthropicType(told: ToldError, status: number): string {
  return status < 400 && isErrorType(told.type) ? told.type : errorTypeOfStatus(status);
}

/** The error that a parsed JSON value is or holds; undefined when it holds none. */
export function toldError(value: unknown): ToldError | undefined {
  // Google sends a list with one error in it.
  const root = Array.isArray(value) ? objectOf(value[0]) : objectOf(value);
  if (!root) return typeof value === 'string' && value !== '' ? { message: cut(value) } : undefined;
  const { error } = root;
  if (isObject(error)) return fromObject(error, root);
  const text = textOf(error);
  if (text !== undefined) return fromText(text, root);
  if ('detail' in root) return { message: cut(detailText(root.detail)) };
  if (textOf(root.message) !== undefined && !('choices' in root) && !Array.isArray(root.content))
    return fromObject(root, root);
  return undefined;
}

function fromObject(error: JsonObject, root: JsonObject): ToldError {
  const told: ToldError = { message: cut(messageOf(error)) };
  const type = textOf(error.type) ?? (typeof error.status === 'string' ? textOf(error.status) : undefined);
  if (type !== undefined) told.type = type;
  const code = textOf(error.code) ?? (numberOf(error.code) === undefined ? undefined : String(error.code));
  if (code !== undefined) told.code = code;
  const param = textOf(error.param);
  if (param !== undefined) told.param = cut(param);
  const limit = limitOf(error);
  if (limit !== undefined) told.limit = limit;
  const status =
    httpStatus(error.code) ??
    httpStatus(error.status) ??
    httpStatus(root.status) ??
    statusOfCode(told.code) ??
    statusOfCode(told.type);
  if (status !== undefined) told.status = status;
  return told;
}

/**
 * `{"error": "text", …}`: Hugging Face and xAI say the reason there, claude-relay-service a code word beside `message`,
 * or a sentence beside the real error in `details`.
 */
function fromText(text: string, root: JsonObject): ToldError {
  const inner = typeof root.details === 'string' ? toldError(parseJson(root.details)) : undefined;
  const more = inner?.message ?? textOf(root.details) ?? textOf(root.message);
  const isWord = more !== undefined && !text.includes(' ');
  const told: ToldError = { message: cut(more === undefined ? text : isWord ? more : `${text}: ${more}`) };
  const type = inner?.type ?? textOf(root.type);
  if (type !== undefined) told.type = type;
  const code = inner?.code ?? textOf(root.code) ?? (isWord ? text : undefined);
  if (code !== undefined) told.code = code;
  const status = httpStatus(root.status) ?? inner?.status;
  if (status !== undefined) told.status = status;
  return told;
}

/** Google's ids of the exceeded quotas: `GenerateRequestsPerDayPerProjectPerModel-FreeTier`. */
function limitOf(error: JsonObject): string | undefined {
  const ids = objectsOf(error.details)
    .flatMap((detail) => objectsOf(detail.violations))
    .flatMap((violation) => textOf(violation.quotaId) ?? []);
  return ids.length === 0 ? undefined : cut(ids.join(' '));
}

/** The message, and what the provider behind a relay said (OpenRouter puts it into `metadata.raw`). */
function messageOf(error: JsonObject): string {
  const message = textOf(error.message) ?? textOf(error.msg) ?? 'The provider gave no reason';
  const metadata = objectOf(error.metadata);
  const raw = metadata?.raw;
  if (raw === undefined) return message;
  const reason = (typeof raw === 'string' ? toldError(parseJson(raw))?.message : undefined) ?? textOf(raw);
  if (reason === undefined || message.includes(reason)) return message;
  const provider = textOf(metadata?.provider_name);
  return `${message}: ${provider === undefined ? '' : `${provider}: `}${reason}`;
}

/** FastAPI's `detail`: a text or a list of what is wrong where. */
function detailText(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  const lines = objectsOf(detail).map((entry) => {
    const place = Array.isArray(entry.loc) ? entry.loc.join('.') : '';
    return `${place}: ${textOf(entry.msg) ?? 'invalid'}`;
  });
  return lines.length > 0 ? lines.join('; ') : JSON.stringify(detail);
}

function httpStatus(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^[45]\d\d$/.test(value) ? Number(value) : numberOf(value);
  return number !== undefined && number >= 400 && number < 600 ? number : undefined;
}

function plainMessage(status: number, text: string): string {
  if (text === '') return `HTTP ${status} with an empty body`;
  if (!text.startsWith('<')) return cut(text);
  const title = /<title[^>]{0,200}>([^<]{1,200})/i.exec(text.slice(0, 20_000))?.[1]?.trim();
  return `${webPage(status)}${title ? `: ${title}` : ''}`;
}

/** How the message of an error begins that was a web page. */
export function webPage(status: number): string {
  return `HTTP ${status} with a web page`;
}

function cut(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
}
