// generateContent → generateContent: what a request needs to go on. Model and stream stand in the path.
import { isObject } from '../../../json/values.ts';
import type { Relay } from '../../relay.ts';
import { refusedFieldsOnly } from '../../relay-fields.ts';
import { modelPath } from '../model-path.ts';
import { prepareGeminiRequest } from './prepare-request.ts';
import { GeminiStreamPeek } from './stream-peek.ts';

export const geminiRelay: Relay = {
  heeds: refusedFieldsOnly,
  modelField: 'modelVersion',
  prepare({ body, hub, query }, target) {
    const notes: string[] = [];
    const verb = hub.stream === true ? 'streamGenerateContent?alt=sse' : 'generateContent';
    return {
      path: withQuery(`${modelPath(target.model)}:${verb}`, query),
      body: prepareGeminiRequest(body, hub, target, notes),
      notes: [...new Set(notes)],
      createPeek: (model) => new GeminiStreamPeek(model),
    };
  },
  // Gemini's clients don't know 529 and would not try again.
  understands: (error, { status }) =>
    status !== 529 &&
    isObject(error) &&
    isObject(error.error) &&
    typeof error.error.code === 'number' &&
    typeof error.error.message === 'string',
};

/** How a stream is framed is our own business: clients that want a list are not relayed. */
function withQuery(path: string, query: URLSearchParams): string {
  const others = new URLSearchParams(query);
  others.delete('alt');
  const text = others.toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}
