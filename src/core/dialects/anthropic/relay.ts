// Anthropic → Anthropic: what a request needs to go on.
import type { Relay } from '../relay.ts';
import { isAnthropicError } from './error-frame.ts';
import { prepareAnthropicRequest } from './prepare-request.ts';
import { AnthropicStreamPeek } from './stream-peek.ts';

export const messagesPath = '/v1/messages';

export const anthropicRelay: Relay = {
  modelField: 'model',
  heeds: () => true,
  readsHub: true,
  prepare({ hub, query }, target) {
    // The hub's form is the client's own.
    const { request, toolNames, notes } = prepareAnthropicRequest(hub, target);
    return {
      path: withQuery(messagesPath, query),
      body: { ...request, model: target.model },
      toolNames,
      notes,
      createPeek: (model) => new AnthropicStreamPeek(model),
    };
  },
  /** Claude Code knows a full window by Anthropic's wording alone. */
  understands: (error, failure) =>
    isAnthropicError(error) &&
    (failure.kind !== 'context-length' || /prompt is too long/i.test(failure.message)),
};

function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
