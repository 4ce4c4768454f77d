// The demo provider behind the same interface as a network: it reads an Anthropic request and streams an Anthropic
// answer, so that routing, gate, relay and records work as with any provider. Nothing leaves the process.

import { estimateTokenCount } from 'tokenx';
import { type Clock, type Random, systemRandom } from '../clock.ts';
import { messageToEvents } from '../dialects/accumulate.ts';
import type { HubMessage, HubRequest } from '../dialects/hub.ts';
import type { Transport, UpstreamRequest, UpstreamResponse } from '../gateway/transport.ts';
import { joinBytes } from '../json/bytes.ts';
import { estimateRequestTokens } from '../tokens/estimate.ts';
import { demoModel, demoUrl } from './demo-address.ts';
import { demoAnswer } from './demo-answer.ts';

/** Pause between two pieces of text, in milliseconds: fast, but visibly a stream. */
const pace = 10;

export function createDemoTransport(clock: Clock, random: Random = systemRandom): Transport {
  return {
    async send(request) {
      const path = request.url.slice(demoUrl.length).replace(/\?.*$/, '');
      if (request.method === 'GET' && path === '/v1/models')
        return json({
          data: [{ id: demoModel, type: 'model', display_name: 'Switchyard demo' }],
          has_more: false,
        });
      const body = JSON.parse(new TextDecoder().decode(joinBytes(request.body ?? []))) as HubRequest;
      if (path === '/v1/messages/count_tokens') return json({ input_tokens: estimateRequestTokens(body) });
      const message = demoMessage(body, random);
      if (body.stream !== true) return json(message);
      return {
        status: 200,
        headers: { 'content-type': 'text/event-stream; charset=utf-8' },
        body: stream(message, clock, request),
      };
    },
  };
}

function demoMessage(request: HubRequest, random: Random): HubMessage {
  const answer = demoAnswer(request);
  const content: unknown[] = [{ type: 'text', text: answer.text, citations: null }];
  if (answer.kind === 'tool')
    content.push({ type: 'tool_use', id: random.id('toolu_'), name: answer.tool, input: answer.input });
  return {
    id: random.id('msg_'),
    type: 'message',
    role: 'assistant',
    model: request.model,
    content,
    stop_reason: answer.kind === 'tool' ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: estimateRequestTokens(request),
      output_tokens: estimateTokenCount(answer.text) + 1,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    },
  } as unknown as HubMessage;
}

async function* stream(
  message: HubMessage,
  clock: Clock,
  request: UpstreamRequest,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const event of messageToEvents(message)) {
    for (const part of splitText(event)) {
      if (request.signal.aborted) return;
      yield encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(part)}\n\n`);
      if (event.type === 'content_block_delta')
        await new Promise<void>((resolve) => clock.after(pace, resolve));
    }
  }
}

/** Text arrives whole from `messageToEvents`; a stream shows it word by word. */
function splitText(event: ReturnType<typeof messageToEvents>[number]): unknown[] {
  if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') return [event];
  const words = event.delta.text.match(/\S+\s*|\s+/g) ?? [];
  return words.map((text) => ({ ...event, delta: { type: 'text_delta', text } }));
}

function json(value: unknown): UpstreamResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield new TextEncoder().encode(JSON.stringify(value));
    })(),
  };
}
