// How soon deployments answer: moving averages, of streams by the time to their first content, of whole answers by the
// time per token. Like is only compared with like.

export type AnswerKind = 'stream' | 'whole';

interface Measurement {
  /** Milliseconds to the first content of a stream, or per token of a whole answer. */
  value: number;
  /** Of the newest sample. */
  at: number;
}

/** Weight of the newest sample in the moving average. */
const newestWeight = 0.3;
/** A provider may be another one after this time; in milliseconds. */
export const latencyLasts = 60 * 60_000;
/** After a failure an unmeasured deployment is not explored for this time, in milliseconds: its cooldown may be shorter. */
export const missedRest = 60_000;
/** What a call takes by itself, as if it were so many tokens; else short answers would look slow. */
const fixedTokens = 50;
/** Beyond this number the oldest are forgotten. */
const most = 2_000;

export class LatencyBook {
  /** By kind and deployment id, in the order of their newest samples. */
  readonly #measured = new Map<string, Measurement>();
  readonly #missed = new Map<string, number>();

  /** A stream's first content came after `milliseconds`. */
  streamed(deployment: string, milliseconds: number, now: number): void {
    this.#sample('stream', deployment, milliseconds, now);
  }

  /** A whole answer of `tokens` output tokens took `milliseconds`. */
  answered(deployment: string, milliseconds: number, tokens: number, now: number): void {
    this.#sample('whole', deployment, milliseconds / (tokens + fixedTokens), now);
  }

  /** No answer came; `waited`: the milliseconds that were waited in vain, when that was the failure. */
  failed(deployment: string, kind: AnswerKind, now: number, waited?: number): void {
    this.#missed.delete(deployment);
    this.#missed.set(deployment, now);
    trim(this.#missed);
    if (waited === undefined) return;
    if (kind === 'stream') this.streamed(deployment, waited, now);
    else this.answered(deployment, waited, 0, now);
  }

  /** The average, undefined when there is none that still holds. */
  of(deployment: string, kind: AnswerKind, now: number): number | undefined {
    const measured = this.#measured.get(`${kind} ${deployment}`);
    return measured && isRecent(measured.at, now, latencyLasts) ? measured.value : undefined;
  }

  /** It failed a moment ago: no time to explore it. */
  missedLately(deployment: string, now: number): boolean {
    const at = this.#missed.get(deployment);
    return at !== undefined && isRecent(at, now, missedRest);
  }

  /** Forgets the deployments of a provider. */
  forget(provider: string): void {
    for (const name of this.#measured.keys())
      if (name.slice(name.indexOf(' ') + 1).startsWith(`${provider}/`)) this.#measured.delete(name);
    for (const name of this.#missed.keys()) if (name.startsWith(`${provider}/`)) this.#missed.delete(name);
  }

  #sample(kind: AnswerKind, deployment: string, value: number, now: number): void {
    const name = `${kind} ${deployment}`;
    const before = this.of(deployment, kind, now);
    this.#measured.delete(name);
    this.#measured.set(name, {
      value: before === undefined ? value : before + newestWeight * (value - before),
      at: now,
    });
    trim(this.#measured);
  }
}

/** Also false when the clock was set back. */
function isRecent(at: number, now: number, span: number): boolean {
  return at <= now && now - at < span;
}

function trim(map: Map<string, unknown>): void {
  if (map.size <= most) return;
  const oldest = map.keys().next().value;
  if (oldest !== undefined) map.delete(oldest);
}
