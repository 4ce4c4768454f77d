// The rules of docs/resilience.md once more, in the plainest form: who may be asked when. Fed with what upstreams see,
// it knows nothing of the router's own books.
import type { FaultKind } from './faults.ts';

/** Provider × key × model, as the rules see it. */
export interface Unit {
  id: string;
  provider: string;
  key: string;
  model: string;
}

interface Health {
  /** Our guess: until when, and how long the last one was; 0 = none. */
  rest: number;
  restLength: number;
  /** The provider's word, or a lasting matter. */
  limit: number;
  strikes: number[];
  /** It was left alone and has not succeeded since: one request tries. */
  onTrial: boolean;
  trial: number | undefined;
}

export interface RuleNumbers {
  cooldown: number;
  allowedFails: number;
}

const longestRest = 30 * 60_000;

export class Rules {
  readonly #numbers: RuleNumbers;
  readonly #units = new Map<string, Health>();
  /** Key → the value that was refused. */
  readonly #refused = new Map<string, string>();

  constructor(numbers: RuleNumbers) {
    this.#numbers = numbers;
  }

  /** The deadlines that have not passed, by the units' names in `health.json`. */
  deadlines(now: number): Map<string, { rest: number; limit: number }> {
    const ahead = (time: number) => (time > now ? time : 0);
    return new Map(
      [...this.#units].flatMap(([name, { rest, limit }]) =>
        Math.max(rest, limit) > now ? [[name, { rest: ahead(rest), limit: ahead(limit) }]] : [],
      ),
    );
  }

  isRefused(unit: Unit, value: string): boolean {
    return this.#refused.get(`${unit.provider}/${unit.key}`) === value;
  }

  limitOf(unit: Unit): number {
    return Math.max(...this.#of(unit).map(({ limit }) => limit));
  }

  restOf(unit: Unit): number {
    return Math.max(...this.#of(unit).map(({ rest }) => rest));
  }

  /** Another request is trying it. */
  isTried(unit: Unit): boolean {
    return this.#of(unit).some(({ trial }) => trial !== undefined);
  }

  isWell(unit: Unit, value: string, now: number): boolean {
    return (
      !this.isRefused(unit, value) &&
      !this.isTried(unit) &&
      Math.max(this.limitOf(unit), this.restOf(unit)) <= now
    );
  }

  /** The provider's keys were replaced: what was told to the old ones is over. */
  renew(provider: string): void {
    for (const [name, health] of this.#units)
      if (/^(?:key|family|deployment) /.test(name) && name.includes(` ${provider}/`)) health.limit = 0;
  }

  begin(unit: Unit, call: number): void {
    for (const health of this.#of(unit))
      if (health.onTrial && health.trial === undefined) health.trial = call;
  }

  /** The call ended without a verdict. */
  release(unit: Unit, call: number): void {
    for (const health of this.#of(unit)) if (health.trial === call) health.trial = undefined;
  }

  /** The answer has begun. */
  succeed(unit: Unit, now: number): void {
    for (const health of this.#of(unit)) {
      Object.assign(health, { rest: 0, restLength: 0, trial: undefined });
      if (health.limit <= now) Object.assign(health, { limit: 0, onTrial: false });
    }
  }

  /** The answer came to its end. */
  complete(unit: Unit): void {
    for (const health of this.#of(unit)) health.strikes = [];
  }

  fail(
    unit: Unit,
    kind: Pick<FaultKind, 'blames' | 'leaves'>,
    value: string,
    call: number,
    now: number,
  ): void {
    const tried = new Set(this.#of(unit).filter(({ trial }) => trial === call));
    this.release(unit, call);
    if (kind.blames === 'request' || kind.leaves === undefined) return;
    if (kind.leaves === 'out') {
      this.#refused.set(`${unit.provider}/${unit.key}`, value);
      return;
    }
    const health = this.#unit(nameOf(unit, kind.blames));
    if (typeof kind.leaves === 'number') {
      const end = now + kind.leaves * 1000;
      if (end <= health.limit) return;
      Object.assign(health, { limit: end, onTrial: true, strikes: [] });
      return;
    }
    const wasTrial = tried.has(health);
    if (kind.leaves === 'strikes') {
      health.strikes = [...health.strikes.filter((time) => now - time < 60_000), now];
      if (!wasTrial && health.strikes.length <= this.#numbers.allowedFails) return;
    }
    // Those that were under way together and fail together are one failure.
    if (health.rest > now) return;
    const first = this.#numbers.cooldown * 1000;
    const again = wasTrial ? Math.min(health.restLength * 2, longestRest) : health.restLength;
    const length = health.restLength === 0 ? first : Math.max(first, again);
    Object.assign(health, { rest: now + length, restLength: length, onTrial: true, strikes: [] });
  }

  #of(unit: Unit): Health[] {
    return (['provider', 'key', 'family', 'deployment'] as const).map((kind) =>
      this.#unit(nameOf(unit, kind)),
    );
  }

  #unit(name: string): Health {
    let health = this.#units.get(name);
    if (!health) {
      health = { rest: 0, restLength: 0, limit: 0, strikes: [], onTrial: false, trial: undefined };
      this.#units.set(name, health);
    }
    return health;
  }
}

function nameOf(unit: Unit, kind: 'provider' | 'key' | 'family' | 'deployment'): string {
  const { id, provider, key, model } = unit;
  const family = ['opus', 'sonnet'].find((name) => model.includes(name));
  switch (kind) {
    case 'provider':
      return `provider ${provider}`;
    case 'key':
      return `key ${provider}/${key}`;
    case 'family':
      // A model of no family is limited by itself.
      return family === undefined ? `deployment ${id}` : `family ${provider}/${key}/${family}`;
    case 'deployment':
      return `deployment ${id}`;
  }
}
