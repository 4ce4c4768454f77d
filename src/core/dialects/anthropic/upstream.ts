// The Anthropic upstream side, for clients of other dialects (and where a request had to be changed). Anthropic's own
// clients are served by `relay.ts`.
import { UpstreamFailure } from '../../failure.ts';
import { isObject } from '../../json/values.ts';
import { badStream, classifyStreamError } from '../../resilience/classify.ts';
import type { DecodeContext, EncodedRequest, UpstreamDialect } from '../dialect.ts';
import { decodeErrorBody } from '../error-body.ts';
import type { HubMessage, HubRequest } from '../hub.ts';
import type { TargetProfile } from '../target-profile.ts';
import { errorEvent } from './error-frame.ts';
import { fitForeignRequest } from './foreign-request.ts';
import { withOwnName } from './own-name.ts';
import { prepareAnthropicRequest } from './prepare-request.ts';
import { AnthropicStreamDecoder } from './stream.ts';
import { anthropicTokenCount } from './token-count.ts';

export const anthropicUpstream: UpstreamDialect = {
  id: 'anthropic',
  encodeRequest,
  decodeResponse,
  createStreamDecoder: (context) => new AnthropicStreamDecoder(context),
  decodeError: decodeErrorBody,
  tokenCount: anthropicTokenCount,
};

function encodeRequest(request: HubRequest, target: TargetProfile): EncodedRequest {
  const fitNotes: string[] = [];
  const fit = fitForeignRequest(request, target, fitNotes);
  // Only those are shortened that would be refused: Google's names may have dots and colons.
  const {
    request: prepared,
    toolNames,
    notes,
  } = prepareAnthropicRequest(fit, {
    ...target,
    toolNames: 'short',
  });
  return {
    path: '/v1/messages',
    body: { ...prepared, model: target.model },
    memory: { toolNames },
    notes: [...fitNotes, ...notes],
  };
}

function decodeResponse(body: unknown, context: DecodeContext): HubMessage {
  if (isObject(body) && Array.isArray(body.content) && body.content.every(isObject))
    return {
      ...body,
      model: context.model,
      content: body.content.map((block) => withOwnName(block, context.memory)),
    } as unknown as HubMessage;
  const error = errorEvent(body);
  throw new UpstreamFailure(
    error
      ? classifyStreamError(error.error, error.status)
      : badStream(`${context.provider} sent an answer that is no Anthropic message`),
  );
}
