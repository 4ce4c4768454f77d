// claude-code-router's tag, by which a prompt picks the model of a subagent: `<CCR-SUBAGENT-MODEL>x</CCR-SUBAGENT-MODEL>`
// in the system prompt or in one of the first two user turns. It is meant for the router and not sent on.
import type { HubRequest } from '../dialects/hub.ts';
import { isObject, type JsonObject } from '../json/values.ts';

const tagStart = '<CCR-SUBAGENT-MODEL>';
const tagEnd = '</CCR-SUBAGENT-MODEL>';
const searchedTurns = 2;

/** The model that a tag names. */
export function taggedModel(request: HubRequest): string | undefined {
  for (const content of searchedContents(request)) {
    for (const text of textsOf(content)) {
      const model = cutTag(text)?.model;
      if (model !== undefined) return model;
    }
  }
  return undefined;
}

/** A copy without the tags; the request itself when it has none. What has no tag is shared with the original. */
export function withoutSubagentTags(request: HubRequest): HubRequest {
  const system = withoutTags(request.system);
  const searched = new Set(searchedMessages(request));
  const messages: unknown = request.messages;
  const cleaned = Array.isArray(messages)
    ? messages.map((message: unknown) => {
        if (!isObject(message) || !searched.has(message)) return message;
        const content = withoutTags(message.content);
        return content === message.content ? message : { ...message, content };
      })
    : messages;
  const changed =
    Array.isArray(cleaned) && cleaned.some((message, index) => message !== request.messages[index]);
  if (system === request.system && !changed) return request;
  const copy: JsonObject = { ...request };
  if (system !== request.system) copy.system = system;
  if (changed) copy.messages = cleaned;
  // Texts and blocks were replaced by ones of the same type.
  return copy as HubRequest;
}

function* searchedContents(request: HubRequest): Generator<unknown> {
  yield request.system;
  for (const message of searchedMessages(request)) yield message.content;
}

function* searchedMessages(request: HubRequest): Generator<JsonObject> {
  let turns = 0;
  for (const message of Array.isArray(request.messages) ? request.messages : []) {
    if (!isObject(message) || message.role !== 'user') continue;
    yield message;
    if (++turns === searchedTurns) return;
  }
}

function* textsOf(content: unknown): Generator<string> {
  if (typeof content === 'string') yield content;
  else if (Array.isArray(content))
    for (const block of content) if (isObject(block) && typeof block.text === 'string') yield block.text;
}

/** A text of nothing but tags becomes a full stop: providers refuse empty ones. */
function withoutTags(content: unknown): unknown {
  if (typeof content === 'string') {
    let text = content;
    for (let cut = cutTag(text); cut !== undefined; cut = cutTag(text)) text = cut.rest;
    return text === content || text.trim() !== '' ? text : '.';
  }
  if (!Array.isArray(content)) return content;
  const blocks = content.map((block: unknown) => {
    if (!isObject(block) || typeof block.text !== 'string') return block;
    const text = withoutTags(block.text);
    return text === block.text ? block : { ...block, text };
  });
  return blocks.some((block, index) => block !== content[index]) ? blocks : content;
}

/** The first tag of a text and what is left without it; undefined when there is none that names something. */
function cutTag(text: string): { model: string; rest: string } | undefined {
  const start = text.indexOf(tagStart);
  const end = start === -1 ? -1 : text.indexOf(tagEnd, start);
  if (end === -1) return undefined;
  const model = text.slice(start + tagStart.length, end).trim();
  if (model === '') return undefined;
  return { model, rest: text.slice(0, start) + text.slice(end + tagEnd.length).trimStart() };
}
