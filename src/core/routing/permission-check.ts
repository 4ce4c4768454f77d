// Recognises the permission check of Claude Code's auto mode: a risky tool call, judged by a model in one or two
// stages. Measured with 2.1.330, which asks for a severity from 0 to 100 (above 50 blocks) or, by a switch of its
// own, for a yes or no.
import type { HubRequest } from '../dialects/hub.ts';

/** The tag in which the verdict is wanted. */
export type Verdict = 'severity' | 'block';

const verdicts: readonly Verdict[] = ['severity', 'block'];

/** Which verdict the request asks for; undefined for every other request. Never throws. */
export function permissionCheck(request: HubRequest): Verdict | undefined {
  const stops: unknown = request.stop_sequences;
  // The first stage stops at the end of its verdict.
  const first = verdicts.find((verdict) => Array.isArray(stops) && stops.includes(`</${verdict}>`));
  if (first) return first;

  // The second thinks aloud before its verdict, hence has no stop sequence: one turn that holds the transcript.
  const messages: unknown = request.messages;
  if (!Array.isArray(messages) || messages.length !== 1 || (request.tools?.length ?? 0) > 0) return undefined;
  const blocks: unknown = messages[0]?.content;
  if (!Array.isArray(blocks) || !textOf(blocks[0]).startsWith('<transcript>')) return undefined;
  const question = textOf(blocks.at(-1));
  return verdicts.find((verdict) => question.includes(`<${verdict}>`));
}

function textOf(block: unknown): string {
  return typeof block === 'object' && block !== null && 'text' in block && typeof block.text === 'string'
    ? block.text
    : '';
}
