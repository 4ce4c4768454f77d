// A client of the soak: asks in all dialects, streamed and not, in sessions of a few turns, and sometimes leaves early.
import { Pool } from 'undici';
import { benchDialects } from './answers.ts';
import { textOf } from './bodies.ts';

export interface Outcome {
  /** `told`: an error in the client's dialect, after content; `left`: we left; anything else is a mistake. */
  kind: 'complete' | 'told' | 'left' | 'refused' | 'mute';
  /** Milliseconds. */
  took: number;
  /** What was odd, for `refused` and `mute`. */
  detail?: string;
}

interface Asked {
  path: string;
  body: string;
  /** A piece of text that ends a complete answer of this kind. */
  ending: RegExp;
}

/** No exchange may take longer. */
const patience = 60_000;

export class SoakClient {
  readonly outcomes: Outcome[] = [];
  readonly #pool: Pool;
  readonly #token: string;
  readonly #random: (below: number) => number;

  constructor(url: string, token: string, random: (below: number) => number) {
    this.#pool = new Pool(url, { connections: 2, headersTimeout: 0, bodyTimeout: 0 });
    this.#token = token;
    this.#random = random;
  }

  async runUntil(end: number): Promise<void> {
    while (performance.now() < end) {
      const session = `s${this.#random(1e9)}`;
      const turns = 1 + this.#random(4);
      for (let turn = 0; turn < turns && performance.now() < end; turn++)
        this.outcomes.push(await this.#ask(session, turn));
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #ask(session: string, turn: number): Promise<Outcome> {
    const { path, body, ending } = this.#request(session, turn);
    const leaves = this.#random(20) === 0;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error('out of patience')), patience);
    const begun = performance.now();
    const outcome = (kind: Outcome['kind'], detail?: string): Outcome => ({
      kind,
      took: performance.now() - begun,
      ...(detail === undefined ? {} : { detail: `${path}: ${detail}` }),
    });
    let text = '';
    try {
      const answer = await this.#pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
        body,
        signal: abort.signal,
      });
      for await (const chunk of answer.body) {
        text += (chunk as Buffer).toString();
        if (leaves) {
          abort.abort();
          return outcome('left');
        }
      }
      if (answer.statusCode !== 200) return outcome('refused', `${answer.statusCode} ${text.slice(0, 300)}`);
      if (ending.test(text)) return outcome('complete');
      return /"error"/.test(text) ? outcome('told') : outcome('mute', text.slice(-300));
    } catch (error) {
      return leaves ? outcome('left') : outcome('mute', `${error instanceof Error ? error.message : error}`);
    } finally {
      clearTimeout(timer);
    }
  }

  #request(session: string, turn: number): Asked {
    const stream = this.#random(2) === 0;
    const sizes = [200, 2_000, 20_000, 200_000];
    const text = `${session} turn ${turn}: ${textOf(sizes[this.#random(sizes.length)] ?? 200)}`;
    const dialect = benchDialects[this.#random(benchDialects.length)] ?? 'anthropic';
    const model = `mixed-${dialect}`;
    const messages = [{ role: 'user', content: text }];
    switch (dialect) {
      case 'anthropic':
        return {
          path: '/v1/messages',
          body: JSON.stringify({
            model,
            max_tokens: 100,
            metadata: { user_id: JSON.stringify({ session_id: session }) },
            messages,
            stream,
          }),
          ending: stream ? /message_stop/ : /"stop_reason"/,
        };
      case 'openai-chat':
        return {
          path: '/v1/chat/completions',
          body: JSON.stringify({ model, messages, stream, user: session }),
          ending: stream ? /\[DONE\]/ : /"finish_reason"/,
        };
      case 'openai-responses':
        return {
          path: '/v1/responses',
          body: JSON.stringify({ model, input: text, stream, prompt_cache_key: session }),
          ending: stream ? /response\.completed/ : /"status":\s*"completed"/,
        };
      case 'gemini':
        return {
          path: `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
          body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text }] }] }),
          ending: /"finishReason"/,
        };
    }
  }
}
