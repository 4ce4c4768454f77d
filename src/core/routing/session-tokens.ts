// The cost of counting follows what is new: a session's last exchange told its exact size, so only the messages that
// were appended since are estimated. Unknown conversations are counted from scratch.
import type { HubRequest } from '../dialects/hub.ts';
import { sampleMessageTokens, sampleRequestTokens } from '../tokens/estimate.ts';
import type { TokenUsage } from '../tokens/usage.ts';
import type { RequestDescription } from './describe.ts';

interface Measured {
  /** Messages of the request that was measured. */
  messages: number;
  /** Input and output tokens of that exchange, cache included. */
  tokens: number;
}

const maxSessions = 500;

export class SessionTokens {
  /** In order of last use, oldest first. */
  readonly #measured = new Map<string, Measured>();

  /** Estimated input tokens of a request. */
  estimate(request: HubRequest, description: RequestDescription): number {
    const key = conversationKey(request, description);
    const known = key === undefined ? undefined : this.#measured.get(key);
    // The measured exchange's answer is message number `messages` of the new request; its tokens are known too.
    if (!known || request.messages.length <= known.messages) return sampleRequestTokens(request);
    return Math.ceil(known.tokens + sampleMessageTokens(request.messages.slice(known.messages + 1)));
  }

  /**
   * Remembers what an exchange really cost, when it is told so: answers take long, and the request shall not be held for
   * it. Usage without input counts is no measurement.
   */
  recorder(request: HubRequest, description: RequestDescription): (usage: TokenUsage) => void {
    const key = conversationKey(request, description);
    return key === undefined ? () => {} : this.#recorder(key, request.messages.length);
  }

  /** A function of its own: what it closes over is all that it holds. */
  #recorder(key: string, messages: number): (usage: TokenUsage) => void {
    return ({ input, output, cacheRead, cacheWrite }) => {
      const tokens = input + cacheRead + cacheWrite;
      if (tokens > 0) this.#keep(key, { messages, tokens: tokens + output });
    };
  }

  #keep(key: string, measured: Measured): void {
    this.#measured.delete(key);
    this.#measured.set(key, measured);
    if (this.#measured.size > maxSessions) {
      const oldest = this.#measured.keys().next().value;
      if (oldest !== undefined) this.#measured.delete(oldest);
    }
  }
}

/** Side requests share the session id: the number of tools and the model keep them apart from the conversation. */
function conversationKey(request: HubRequest, description: RequestDescription): string | undefined {
  if (description.session === undefined) return undefined;
  const tools = Array.isArray(request.tools) ? request.tools.length : 0;
  return [description.session, description.agent ?? '', description.model, tools].join('\n');
}
