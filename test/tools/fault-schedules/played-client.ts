// A client of a fault schedule: asks once, reads at its pace, may leave, and knows what a right answer looks like.
import type { ClientRequest, ClientResponse } from '../../../src/core/gateway/client.ts';
import type { ManualClock } from '../manual-clock.ts';
import type { Ask } from './schedule.ts';

export class PlayedClient {
  readonly ask: Ask;
  readonly startedAt: number;
  readonly request: ClientRequest;
  readonly response: ClientResponse;
  status = 0;
  headers: Record<string, string> = {};
  body = '';
  left = false;
  ended = false;
  /** What no client may ever see of a server. */
  readonly faults: string[] = [];
  readonly #abort = new AbortController();

  constructor(ask: Ask, clock: ManualClock) {
    this.ask = ask;
    this.startedAt = clock.now();
    this.request = {
      method: 'POST',
      path: '/v1/messages',
      query: new URLSearchParams(),
      headers: {
        'content-type': 'application/json',
        ...(ask.session === undefined ? {} : { 'x-claude-code-session-id': ask.session }),
      },
      body: new TextEncoder().encode(
        JSON.stringify({
          model: ask.model,
          max_tokens: 100,
          stream: ask.stream,
          messages: [{ role: 'user', content: `ask ${ask.id}` }],
        }),
      ),
      signal: this.#abort.signal,
    };
    this.response = this.#responder(clock);
  }

  leave(): void {
    if (this.ended) return;
    this.left = true;
    this.#abort.abort();
  }

  #responder(clock: ManualClock): ClientResponse {
    const { reads } = this.ask;
    const decoder = new TextDecoder();
    const text = (chunk: Uint8Array | string) => (typeof chunk === 'string' ? chunk : decoder.decode(chunk));
    const { signal } = this.#abort;
    const self = this;
    return {
      get headSent() {
        return self.status !== 0;
      },
      writeHead: (status, headers) => {
        if (this.status !== 0) this.faults.push('got a second head');
        Object.assign(this, { status, headers });
      },
      write: (chunk) => {
        if (this.ended || this.status === 0) this.faults.push('got bytes before the head or after the end');
        this.body += text(chunk);
        return reads === undefined;
      },
      drained: () =>
        new Promise((resolve) => {
          if (reads === undefined || signal.aborted) return resolve();
          const done = () => {
            cancel();
            signal.removeEventListener('abort', done);
            resolve();
          };
          const cancel = clock.after(reads, done);
          signal.addEventListener('abort', done);
        }),
      end: (chunk) => {
        if (this.ended) this.faults.push('was ended twice');
        if (chunk !== undefined) this.body += text(chunk);
        this.ended = true;
      },
    };
  }

  /**
   * What is wrong with the answer. `texts`: the answers that upstreams have finished, `begun`: one had sent content.
   * A client that left may have got less.
   */
  judge(texts: readonly string[], begun: boolean): string[] {
    const wrong = [...this.faults];
    if (!this.ended) wrong.push('was never answered to the end');
    if (this.left) return wrong;
    if (this.status !== 200) {
      if (begun) wrong.push('content had come, and yet it got an error status');
      if (this.status < 400) wrong.push(`got the status ${this.status}`);
      const { type, error } = JSON.parse(this.body) as { type: unknown; error?: { message?: unknown } };
      if (type !== 'error' || typeof error?.message !== 'string')
        wrong.push(`got no error in its dialect: ${this.body}`);
      return wrong;
    }
    if (!this.ask.stream) {
      const { content } = JSON.parse(this.body) as { content: { text: string }[] };
      if (!texts.includes(content[0]?.text ?? '')) wrong.push(`got an answer that nobody gave: ${this.body}`);
      return wrong;
    }
    const events = this.body.split('\n\n').flatMap((part) => {
      const data = part.split('\n').find((line) => line.startsWith('data: '));
      return data === undefined
        ? []
        : (JSON.parse(data.slice(6)) as { type: string; delta?: { text?: string } });
    });
    const types = events.map(({ type }) => type).filter((type) => type !== 'ping');
    const count = (name: string) => types.filter((type) => type === name).length;
    if (count('message_start') !== 1) wrong.push(`got ${count('message_start')} beginnings`);
    const text = events.map(({ delta }) => delta?.text ?? '').join('');
    if (count('error') > 0) {
      if (count('error') > 1 || types.at(-1) !== 'error')
        wrong.push('got more than one error event at the end');
      if (count('message_stop') > 0) wrong.push('got an end beside an error');
      if (!begun) wrong.push('got an error event before any content');
    } else {
      if (count('message_stop') !== 1 || types.at(-1) !== 'message_stop') wrong.push('got no proper end');
      if (!texts.includes(text)) wrong.push(`got a text that nobody gave: "${text}"`);
    }
    return wrong;
  }
}
