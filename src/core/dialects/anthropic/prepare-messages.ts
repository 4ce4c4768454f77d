// The conversation as an Anthropic upstream may see it.
import { isObject, type JsonObject } from '../../json/values.ts';
import { isPdf, mediaPlaceholder } from '../media-placeholder.ts';
import { shortHash } from '../short-hash.ts';
import { signatureOrigin } from '../signature-carrier.ts';
import { isWrapped } from '../signature-forms.ts';
import { reminder, textBlocks } from '../system-text.ts';
import type { TargetProfile } from '../target-profile.ts';
import { ToolCallIds } from '../tool-call-ids.ts';
import { isUnencrypted, searchResultsText } from '../web-search-text.ts';

export interface PreparedMessages {
  messages: JsonObject[];
  thinkingRemoved: boolean;
  notes: string[];
}

interface Work {
  target: TargetProfile;
  ids: ToolCallIds;
  /** Server tool calls whose results became text. */
  replaced: Set<unknown>;
  counts: { thinking: number; media: number; ids: number; results: number };
}

/** Undefined when nothing has to change. */
export function prepareMessages(
  messages: readonly JsonObject[],
  target: TargetProfile,
): PreparedMessages | undefined {
  const work: Work = {
    target,
    ids: new ToolCallIds(cleanId),
    replaced: new Set(),
    counts: { thinking: 0, media: 0, ids: 0, results: 0 },
  };
  let changed = false;
  const result: JsonObject[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') work.ids.beginTurn();
    const prepared = prepareMessage(message, work);
    changed ||= prepared !== message;
    if (prepared) result.push(prepared);
  }
  if (!changed) return undefined;
  const { thinking, media, ids, results } = work.counts;
  const notes: string[] = [];
  if (thinking > 0)
    notes.push(
      `${thinking} thinking blocks ${target.thinkingHistory === 'dropped' ? '' : 'of other providers '}left out`,
    );
  if (media > 0) notes.push(`${media} images or documents replaced by text: the model can't read them`);
  if (ids > 0) notes.push(`${ids} tool call ids rewritten`);
  if (results > 0) notes.push(`${results} web search results of other providers turned into text`);
  return { messages: result, thinkingRemoved: thinking > 0, notes };
}

/** Undefined when nothing is left of the message: an empty one would be refused. */
function prepareMessage(message: JsonObject, work: Work): JsonObject | undefined {
  const { content } = message;
  if (message.role === 'system' && work.target.systemMessages === 'folded') {
    const blocks = textBlocks(content);
    return blocks.length === 0 ? undefined : { role: 'user', content: reminder(blocks) };
  }
  if (!Array.isArray(content)) return message;
  for (const block of content)
    if (isObject(block) && isUnencrypted(block)) work.replaced.add(block.tool_use_id);
  let changed = false;
  const blocks: unknown[] = [];
  for (const block of content) {
    const prepared = isObject(block) ? prepareBlock(block, work) : block;
    changed ||= prepared !== block;
    if (prepared !== undefined) blocks.push(prepared);
  }
  if (!changed) return message;
  return blocks.length === 0 ? undefined : { ...message, content: blocks };
}

/** Undefined when the block is to be left out. */
function prepareBlock(block: JsonObject, work: Work): JsonObject | undefined {
  switch (block.type) {
    case 'thinking':
    case 'redacted_thinking':
      return prepareThinking(block, work);
    case 'tool_use':
      return withId(block, 'id', work.ids.call(String(block.id)), work);
    case 'tool_result':
      return prepareResult(block, work);
    case 'server_tool_use':
      return work.replaced.has(block.id) ? undefined : block;
    case 'web_search_tool_result':
      if (!work.replaced.has(block.tool_use_id)) return block;
      work.counts.results++;
      return { type: 'text', text: searchResultsText(block) };
    default:
      return prepareMedia(block, work);
  }
}

function prepareThinking(block: JsonObject, work: Work): JsonObject | undefined {
  if (work.target.thinkingHistory === 'dropped') {
    work.counts.thinking++;
    return undefined;
  }
  if (block.type === 'redacted_thinking') return block;
  const origin = signatureOrigin(block.signature, work.target.provider);
  if (origin.kind === 'unknown') return block;
  if (origin.kind === 'own' && origin.original !== '' && !isWrapped(origin.original))
    return { ...block, signature: origin.original };
  work.counts.thinking++;
  return undefined;
}

function prepareResult(block: JsonObject, work: Work): JsonObject {
  const asked = String(block.tool_use_id);
  const result = withId(block, 'tool_use_id', work.ids.result(asked) ?? asked, work);
  if (!Array.isArray(result.content)) return result;
  let changed = false;
  const content = result.content.map((inner: unknown) => {
    const prepared = isObject(inner) ? prepareMedia(inner, work) : inner;
    changed ||= prepared !== inner;
    return prepared;
  });
  return changed ? { ...result, content } : result;
}

function prepareMedia(block: JsonObject, work: Work): JsonObject {
  const { target } = work;
  const unreadable = (block.type === 'image' && !target.vision) || (isPdf(block) && !target.pdf);
  if (!unreadable) return block;
  work.counts.media++;
  return { type: 'text', text: mediaPlaceholder(block, target) };
}

function withId(block: JsonObject, field: 'id' | 'tool_use_id', id: string, work: Work): JsonObject {
  if (block[field] === id) return block;
  work.counts.ids++;
  return { ...block, [field]: id };
}

/** Anthropic takes `^[a-zA-Z0-9_-]+$` only; the hash keeps ids apart that differ in other characters. */
function cleanId(id: string): string {
  if (/^[a-zA-Z0-9_-]{1,256}$/.test(id)) return id;
  return `${id.slice(0, 200).replace(/[^a-zA-Z0-9_-]/g, '_')}_${shortHash(id)}`;
}
