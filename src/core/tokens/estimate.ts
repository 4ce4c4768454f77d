// How many tokens a request holds: its texts by an estimate, its media by the providers' published rules, and what the
// provider adds by itself.
import type { HubRequest } from '../dialects/hub.ts';
import { isObject, listOf, objectOf, objectsOf } from '../json/values.ts';
import { imageSize } from './image-size.ts';
import { assumedSize } from './image-tokens.ts';
import { pdfPages } from './pdf-pages.ts';
import { plainRules, type TokenRules } from './rules.ts';
import { sampledTokens } from './sampled-tokens.ts';
import { textTokens } from './text-tokens.ts';

/** Of a page that is not at hand. */
const assumedPages = 10;

/** Input tokens of a whole request, rounded up, every text read to its end. */
export function estimateRequestTokens(request: HubRequest, rules: TokenRules = plainRules): number {
  const sum = new Sum(rules, textTokens);
  sum.messages(listOf(request.messages));
  return sum.requestTotal(request);
}

/**
 * The same for routing, where a few percent decide nothing and each millisecond counts: what is plainly there, of long
 * texts a sample.
 */
export function sampleRequestTokens(request: HubRequest): number {
  return sampled((sum) => {
    sum.messages(listOf(request.messages));
    return sum.requestTotal(request);
  });
}

/** The estimate reads some megabytes a second: so much at a time leaves others their turn. */
const stretch = 20_000;

/** Longer texts would hold up others by themselves; the rules' margins are wider than what a sample is off. */
const longestRead = 400_000;

function readOrSample(text: string): number {
  return text.length > longestRead ? sampledTokens([text]) : textTokens(text);
}

/** The same, with a pause after every stretch of tokens, so that a long request does not hold up running streams. */
export async function estimateInStretches(
  request: HubRequest,
  rules: TokenRules,
  pause: () => Promise<void>,
): Promise<number> {
  const sum = new Sum(rules, readOrSample);
  let next = stretch;
  for (const message of listOf(request.messages)) {
    sum.messages([message]);
    if (sum.text < next) continue;
    next = sum.text + stretch;
    await pause();
  }
  return sum.requestTotal(request);
}

/** Tokens of some messages, of long texts by a sample. */
export function sampleMessageTokens(messages: readonly unknown[]): number {
  return sampled((sum) => {
    sum.messages(messages);
    return sum.total();
  });
}

/** The texts are put aside on the walk: how densely they are read depends on how much there is. */
function sampled(walk: (sum: Sum) => number): number {
  const texts: string[] = [];
  const others = walk(
    new Sum(plainRules, (text) => {
      texts.push(text);
      return 0;
    }),
  );
  return others + Math.ceil(sampledTokens(texts));
}

/** A message's frame: role and marks. */
const frame = 4;
const callFrame = 8;

class Sum {
  readonly #rules: TokenRules;
  readonly #count: (text: string) => number;
  /** By the estimate; the family's margin comes on top. */
  text = 0;
  /** By published rules and recordings: taken as they are. */
  #exact = 0;
  #cites = false;

  constructor(rules: TokenRules, count: (text: string) => number) {
    this.#rules = rules;
    this.#count = count;
  }

  total(): number {
    return Math.ceil(this.text * this.#rules.margin + this.#exact);
  }

  /** With all that a request holds beside its messages. */
  requestTotal(request: HubRequest): number {
    this.content(request.system);
    this.tools(objectsOf(request.tools));
    this.#json(objectOf(request.output_config)?.format);
    this.#exact += this.#rules.conversation + (this.#cites ? this.#rules.citations : 0);
    return this.total();
  }

  messages(messages: readonly unknown[]): void {
    for (const message of messages) {
      if (!isObject(message)) continue;
      this.text += frame;
      this.content(message.content);
    }
  }

  tools(tools: readonly Record<string, unknown>[]): void {
    if (tools.length > 0) this.#exact += this.#rules.toolPreamble;
    for (const tool of tools) {
      this.#json(tool);
      this.#exact += runsAtProvider(tool) ? this.#rules.serverTool : this.#rules.tool;
    }
  }

  content(content: unknown): void {
    if (typeof content === 'string') this.#text(content);
    else for (const block of objectsOf(content)) this.#block(block);
  }

  #text(text: unknown): void {
    if (typeof text === 'string') this.text += this.#count(text);
  }

  /** As compact JSON. */
  #json(value: unknown): void {
    if (value !== undefined) this.#text(JSON.stringify(value));
  }

  #block(block: Record<string, unknown>): void {
    switch (block.type) {
      case 'text':
        this.#text(block.text);
        break;
      case 'thinking':
        this.#text(block.thinking);
        break;
      case 'tool_use':
      case 'server_tool_use':
        this.text += callFrame;
        this.#text(block.name);
        this.#json(block.input ?? {});
        break;
      case 'tool_result':
        this.text += callFrame;
        this.content(block.content);
        break;
      case 'image':
        this.#exact += this.#rules.image(sizeOf(block.source));
        break;
      case 'document':
        this.#document(block.source);
        this.#cites ||= objectOf(block.citations)?.enabled === true;
        break;
      default:
        this.#json(block);
    }
  }

  #document(source: unknown): void {
    const { type, data, content } = objectOf(source) ?? {};
    if (type === 'text') this.#text(data);
    else if (content !== undefined) this.content(content);
    else this.#exact += this.#rules.pdfPage * (typeof data === 'string' ? pdfPages(data) : assumedPages);
  }
}

function sizeOf(source: unknown) {
  const data = objectOf(source)?.data;
  return (typeof data === 'string' ? imageSize(data) : undefined) ?? assumedSize;
}

/** Tools that the provider runs have a type of their own, without a schema. */
function runsAtProvider(tool: Record<string, unknown>): boolean {
  return typeof tool.type === 'string' && tool.type !== 'custom' && tool.input_schema === undefined;
}
