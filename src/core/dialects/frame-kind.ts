// What an event of a stream means for the gate that decides when an answer has begun.
import type { HubEvent } from './hub.ts';

/** `neutral`: nothing that the user would miss if another deployment took over. */
export type FrameKind = 'content' | 'neutral' | 'error' | 'end';

export function frameKindOf(event: HubEvent): FrameKind {
  switch (event.type) {
    case 'content_block_start':
      return startKind(event.content_block);
    case 'content_block_delta':
      return deltaKind(event.delta);
    case 'message_delta':
    case 'message_stop':
      return 'end';
    case 'error':
      return 'error';
    default:
      return 'neutral';
  }
}

/** A started text or thinking block is a promise only; a tool call or a server tool's block is content at once. */
function startKind(block: { type?: string; text?: unknown; thinking?: unknown } | undefined): FrameKind {
  if (block?.type === 'text') return isShown(block.text) ? 'content' : 'neutral';
  if (block?.type === 'thinking') return isShown(block.thinking) ? 'content' : 'neutral';
  return block?.type === undefined ? 'neutral' : 'content';
}

function deltaKind(delta: Readonly<Record<string, unknown>> | object | undefined): FrameKind {
  if (!delta) return 'neutral';
  const {
    text,
    thinking,
    partial_json: json,
    signature,
    citation,
    content,
  } = delta as Record<string, unknown>;
  const shown = isShown(text) || isShown(thinking) || json || signature || citation || content;
  return shown ? 'content' : 'neutral';
}

/** White space alone shows nothing. */
function isShown(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== '';
}
