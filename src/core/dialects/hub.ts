// The hub: Anthropic's Messages format. Every other dialect converts to and from it; there is no private format.
// The types come from the official SDK; `hub-augmentation.ts` adds the fields that it lacks.
import type {
  ContentBlock,
  Message,
  MessageCreateParamsBase,
  RawMessageStreamEvent,
} from '@anthropic-ai/sdk/resources/messages';
import type {} from './hub-augmentation.ts';

/** A Messages request as a client sends it. Unknown fields are kept. */
export type HubRequest = MessageCreateParamsBase & Record<string, unknown>;
/** A whole Messages answer. */
export type HubMessage = Message;
export type HubContentBlock = ContentBlock;

export interface HubPingEvent {
  type: 'ping';
}
/** An error inside a stream. `status` is the HTTP status that it stands for, when the upstream told or implied one. */
export interface HubErrorEvent {
  type: 'error';
  error: { type: string; message: string };
  status?: number;
}
/** One event of a Messages stream. */
export type HubEvent = RawMessageStreamEvent | HubPingEvent | HubErrorEvent;
