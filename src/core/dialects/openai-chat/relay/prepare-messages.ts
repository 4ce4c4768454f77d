// A chat client's messages as a chat completions upstream may see them. Lists and messages are copied only where
// something changes.

import { changedItems, withList, without } from '../../../json/edits.ts';
import { isObject, type JsonObject, listOf, objectsOf, textOf } from '../../../json/values.ts';
import { fileBlock, imageBlock } from '../../asked-media.ts';
import type { Quirks } from '../../quirks.ts';
import { signatureOrigin } from '../../signature-carrier.ts';
import { unwrapDetails } from '../../signature-forms.ts';
import type { TargetProfile } from '../../target-profile.ts';
import { joinedDetails } from '../client/carried-thinking.ts';
import { reasoningDetails, reasoningText } from '../reasoning.ts';
import { missingThinking } from '../thinking-history.ts';
import { idCleaner } from '../tool-ids.ts';
import { userParts } from '../user-content.ts';

/** `notes` gets what was replaced or dropped. */
export function prepareMessages(
  messages: readonly unknown[],
  target: TargetProfile,
  notes: string[],
): readonly unknown[] {
  const clean = idCleaner(target.quirks);
  const prepared = changedItems(messages, (message) => {
    if (!isObject(message)) return message;
    if (message.role === 'assistant' && saysNothing(message)) return undefined;
    let next = message;
    if (message.role === 'assistant') next = withCallIds(withHistory(message, target, notes), clean);
    else if (message.role === 'developer' && !target.quirks.developerRole)
      next = { ...message, role: 'system' };
    const id = textOf(next.tool_call_id);
    if (id !== undefined && clean(id) !== id) next = { ...next, tool_call_id: clean(id) };
    return Array.isArray(next.content)
      ? withList(next, 'content', prepareParts(next.content, target, notes))
      : next;
  });
  return withoutMarks(prepared, target.quirks);
}

/** Clients send empty turns back that some servers refuse. */
function saysNothing(message: JsonObject): boolean {
  const { content, tool_calls, function_call, refusal, audio } = message;
  const blank = typeof content === 'string' ? content.trim() === '' : listOf(content).length === 0;
  const calls = listOf(tool_calls).length > 0 || isObject(function_call);
  return blank && !calls && !textOf(refusal) && !isObject(audio);
}

/** Marks for a prompt cache are refused where they are not known. */
export function withoutMarks(list: readonly unknown[], { cacheControl }: Quirks): readonly unknown[] {
  if (cacheControl) return list;
  return changedItems(list, (item) => (isObject(item) ? without(item, ['cache_control']) : item));
}

function withCallIds(message: JsonObject, clean: (id: string) => string): JsonObject {
  if (!Array.isArray(message.tool_calls)) return message;
  const calls = changedItems(message.tool_calls, (call) => {
    const id = isObject(call) ? textOf(call.id) : undefined;
    return id === undefined || clean(id) === id ? call : { ...(call as JsonObject), id: clean(id) };
  });
  return withList(message, 'tool_calls', calls);
}

const historyFields = ['reasoning_content', 'reasoning', 'reasoning_details'];

/** Earlier thinking in the field where the upstream wants it back, or not at all. */
function withHistory(message: JsonObject, target: TargetProfile, notes: string[]): JsonObject {
  switch (target.quirks.reasoningHistory) {
    case 'drop': {
      const next = without(message, historyFields);
      if (next !== message) notes.push(`earlier reasoning left out: ${target.provider} does not take it`);
      return next;
    }
    case 'reasoning_content': {
      const others = without(message, ['reasoning', 'reasoning_details']);
      if (textOf(message.reasoning_content) !== undefined) return others;
      const text = reasoningText(message, reasoningDetails(message));
      if (text === '' && listOf(message.tool_calls).length === 0) return others;
      return { ...others, reasoning_content: text || missingThinking };
    }
    case 'reasoning_details':
      return withOwnDetails(message, target, notes);
  }
}

/** Signatures that travelled in our carrier go back to the provider that made them, and to nobody else. */
function withOwnDetails(message: JsonObject, { provider }: TargetProfile, notes: string[]): JsonObject {
  const details = objectsOf(message.reasoning_details);
  const kinds = new Set(details.map(({ signature }) => signatureOrigin(signature, provider).kind));
  if (!kinds.has('own') && !kinds.has('foreign')) return message;
  const kept = joinedDetails(details).flatMap((detail) => {
    const origin = signatureOrigin(detail.signature, provider);
    if (origin.kind === 'own') return unwrapDetails(origin.original, textOf(detail.text) ?? '');
    return origin.kind === 'foreign' ? [] : [detail];
  });
  if (kinds.has('foreign')) notes.push('reasoning details of other providers left out');
  return kept.length === 0
    ? without(message, ['reasoning_details'])
    : { ...message, reasoning_details: kept };
}

function prepareParts(
  content: readonly unknown[],
  target: TargetProfile,
  notes: string[],
): readonly unknown[] {
  const readable = content.some((part) => isObject(part) && isUnreadable(part, target))
    ? content.flatMap((part) => (isObject(part) ? readableParts(part, target, notes) : [part]))
    : content;
  return withoutMarks(readable, target.quirks);
}

function isUnreadable(part: JsonObject, { vision, pdf, quirks }: TargetProfile): boolean {
  if (part.type === 'image_url') return !vision;
  const file = part.type === 'file' && isObject(part.file) ? part.file : undefined;
  // What an id stands for is not known here.
  return file !== undefined && textOf(file.file_data) !== undefined && !(pdf && quirks.fileParts);
}

/** The part itself, or what says in words what it was; texts in files become texts. */
function readableParts(part: JsonObject, target: TargetProfile, notes: string[]): readonly unknown[] {
  if (!isUnreadable(part, target)) return [part];
  const block = blockOf(part);
  return block ? userParts(block, target, notes) : [part];
}

/** Undefined for files of which only the upstream can know what they are. */
function blockOf(part: JsonObject): JsonObject | undefined {
  if (part.type === 'image_url') {
    const url = isObject(part.image_url) ? part.image_url.url : part.image_url;
    return typeof url === 'string' ? imageBlock(url) : undefined;
  }
  try {
    return fileBlock(isObject(part.file) ? part.file : {}, '');
  } catch {
    return undefined;
  }
}

/** The messages with one more sentence in the system prompt. */
export function instructed(messages: readonly unknown[], instruction: string): readonly unknown[] {
  const [first, ...others] = messages;
  if (!isObject(first) || (first.role !== 'system' && first.role !== 'developer'))
    return [{ role: 'system', content: instruction }, ...messages];
  const content =
    typeof first.content === 'string'
      ? `${first.content}\n\n${instruction}`
      : [...listOf(first.content), { type: 'text', text: instruction }];
  return [{ ...first, content }, ...others];
}
