// The four dialects of the scripted upstream, side by side: paths, checks, answers.
import type { IncomingMessage } from 'node:http';
import { anthropicError, streamAnthropic, wholeAnthropic } from './scripted-upstream-anthropic.ts';
import { checkAnthropic } from './scripted-upstream-anthropic-check.ts';
import { geminiError, streamGemini, wholeGemini } from './scripted-upstream-gemini.ts';
import { checkGemini } from './scripted-upstream-gemini-check.ts';
import { openAiError, streamOpenAi, wholeOpenAi } from './scripted-upstream-openai.ts';
import { checkOpenAi } from './scripted-upstream-openai-check.ts';
import { streamResponses, wholeResponses } from './scripted-upstream-responses.ts';
import { checkResponses } from './scripted-upstream-responses-check.ts';
import {
  type AnswerContext,
  isObject,
  type JsonObject,
  type PartsAnswer,
  type RecordedRequest,
  type RequestKind,
  type ScriptedDialect,
} from './scripted-upstream-types.ts';
import type { AnswerSink } from './scripted-upstream-writer.ts';

export interface CheckRules {
  maxOutput: number | undefined;
  systemRole: boolean;
  extensions: readonly string[];
  signatures: ReadonlySet<string>;
}

interface Side {
  /** Throws `Refusal`. */
  check(request: RecordedRequest, rules: CheckRules): void;
  stream(
    answer: PartsAnswer,
    context: AnswerContext,
    sink: AnswerSink,
    request: RecordedRequest,
  ): Promise<void>;
  whole(answer: PartsAnswer, context: AnswerContext): JsonObject;
  error(
    error: { type: string; message: string; code?: string | null; param?: string | null },
    id: string,
    status: number,
  ): JsonObject;
}

export const sides: Readonly<Record<ScriptedDialect, Side>> = {
  anthropic: {
    check: ({ body, headers, kind }, rules) => checkAnthropic(body, headers, rules, kind === 'count-tokens'),
    stream: streamAnthropic,
    whole: wholeAnthropic,
    error: anthropicError,
  },
  'openai-chat': {
    check: ({ body }, rules) => checkOpenAi(body, rules),
    stream: (answer, context, sink, { body }) => {
      const options = body.stream_options;
      const includeUsage = isObject(options) && options.include_usage === true;
      return streamOpenAi(answer, { ...context, includeUsage }, sink);
    },
    whole: (answer, context) => wholeOpenAi(answer, { ...context, includeUsage: true }),
    error: openAiError,
  },
  'openai-responses': {
    check: ({ body }, rules) => checkResponses(body, rules),
    stream: streamResponses,
    whole: wholeResponses,
    error: openAiError,
  },
  gemini: {
    check: ({ body, model }, rules) => checkGemini(body, model, rules),
    stream: streamGemini,
    whole: wholeGemini,
    error: (error, _, status) => geminiError(error, status),
  },
};

export interface Asked {
  kind: RequestKind;
  dialect: ScriptedDialect;
  /** Where the path says it: Gemini. */
  model?: string;
  stream?: boolean;
}

const posts: Readonly<Record<string, Asked>> = {
  '/v1/messages': { kind: 'message', dialect: 'anthropic' },
  '/v1/messages/count_tokens': { kind: 'count-tokens', dialect: 'anthropic' },
  '/v1/chat/completions': { kind: 'message', dialect: 'openai-chat' },
  '/v1/responses': { kind: 'message', dialect: 'openai-responses' },
};

/** What a request asks for, and in which dialect it is answered. */
export function askedBy(request: IncomingMessage): Asked {
  const path = (request.url ?? '/').replace(/\?.*/, '');
  const post = request.method === 'POST' ? posts[path] : undefined;
  if (post) return post;
  const gemini = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent|countTokens)$/.exec(
    path,
  );
  if (gemini && request.method === 'POST') {
    const [, model = '', verb] = gemini;
    const kind = verb === 'countTokens' ? 'count-tokens' : 'message';
    return { kind, dialect: 'gemini', model, stream: verb === 'streamGenerateContent' };
  }
  const { 'anthropic-version': version, 'x-goog-api-key': google } = request.headers;
  const dialect =
    google !== undefined ? 'gemini' : version === undefined ? 'openai-chat' : ('anthropic' as const);
  const lists = request.method === 'GET' && /^\/v1(?:beta)?\/models$/.test(path);
  return { kind: lists ? 'models' : 'other', dialect };
}
