// Chat completions → chat completions: what a request needs to go on.
import { numberOf } from '../../../json/values.ts';
import { understandsOpenAiError } from '../../openai-error.ts';
import type { Relay } from '../../relay.ts';
import { refusedFieldsOnly } from '../../relay-fields.ts';
import { prepareChatRequest } from './prepare-request.ts';
import { ChatStreamPeek } from './stream-peek.ts';

export const openAiChatRelay: Relay = {
  heeds: refusedFieldsOnly,
  modelField: 'model',
  // The client's query does not go on: the API defines none, and hosts that need one have it in their base URL.
  prepare({ body, hub }, target) {
    const { prepared, usageHidden, notes } = prepareChatRequest(body, hub, target);
    return {
      path: '/chat/completions',
      body: prepared,
      notes,
      createPeek: (model) => new ChatStreamPeek(model, usageHidden, numberOf(body.n) ?? 1),
    };
  },
  understands: understandsOpenAiError,
};
