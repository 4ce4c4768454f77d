// Responses → Responses: what a request needs to go on.
import { understandsOpenAiError } from '../../openai-error.ts';
import type { Relay } from '../../relay.ts';
import { refusedFieldsOnly } from '../../relay-fields.ts';
import { prepareResponsesRequest } from './prepare-request.ts';
import { ResponsesStreamPeek } from './stream-peek.ts';

export const openAiResponsesRelay: Relay = {
  heeds: refusedFieldsOnly,
  modelField: 'model',
  // The client's query does not go on: the API defines none here, and hosts that need one have it in their base URL.
  prepare({ body, hub }, target) {
    const notes: string[] = [];
    return {
      path: '/responses',
      body: prepareResponsesRequest(body, hub, target, notes),
      notes: [...new Set(notes)],
      createPeek: (model) => new ResponsesStreamPeek(model),
    };
  },
  understands: understandsOpenAiError,
};
