// Who is well, who is left alone and until when: one unit each for a provider's host, a key and a deployment.
// Short cooldowns and long limits share one deadline, and a deadline only ever moves later; a success clears it.
import type { Clock } from '../clock.ts';
import type { Resilience } from '../config/router-config.ts';
import type { Failure } from '../failure.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { UnitHealth } from '../snapshot.ts';
import { longestLimit } from './retry-after.ts';

interface Unit {
  /** Left alone until then; 0 = not cooling. */
  until: number;
  /** Length of the last cooldown, for doubling; 0 = none since the last success. */
  length: number;
  /** The deadline is the upstream's own word, or a lasting matter (money, a missing model); else it is our guess. */
  told: boolean;
  reason: string;
  /** Times of transient failures within the last minute. */
  strikes: number[];
  /** One request is trying the unit after its cooldown. */
  probing: boolean;
  /** Refused by the upstream: out until the key's value differs from this one. */
  refused?: { value: string | undefined };
}

/** Beyond this number idle units are forgotten. */
const mostUnits = 2_000;
const strikeWindow = 60_000;
const longestCooldown = 30 * 60_000;
const quotaCooldown = 60 * 60_000;
const missingModelCooldown = 12 * 60 * 60_000;

export type ReadKey = (reference: string) => string | undefined;

export class HealthBook {
  readonly #units = new Map<string, Unit>();
  readonly #clock: Clock;
  readonly #readKey: ReadKey;

  constructor(clock: Clock, readKey: ReadKey) {
    this.#clock = clock;
    this.#readKey = readKey;
  }

  /** How a deployment stands: its own unit, its key's and its provider's together; the worst wins. */
  of(deployment: Deployment): UnitHealth {
    const key = this.ofKey(deployment.provider.name, deployment.key);
    const units = [
      this.#state(providerUnit(deployment.provider.name)),
      key,
      this.#state(deploymentUnit(deployment)),
    ];
    const out = units.find((unit) => unit.state === 'out');
    const cooling = units
      .filter((unit) => unit.state === 'cooling')
      .sort((a, b) => (b.until ?? 0) - (a.until ?? 0))[0];
    return out ?? cooling ?? { state: 'ok' };
  }

  /** It cools only because we guess that it needs rest: trying it early may succeed. */
  coolsByGuess(deployment: Deployment): boolean {
    const now = this.#clock.now();
    if (this.of(deployment).state !== 'cooling') return false;
    return unitsOf(deployment).every((name) => {
      const unit = this.#units.get(name);
      return !unit || unit.until <= now || !unit.told;
    });
  }

  /** One request is trying the deployment after, or during, its cooldown. */
  isProbed(deployment: Deployment): boolean {
    return unitsOf(deployment).some((name) => this.#units.get(name)?.probing === true);
  }

  /** How a key stands: missing, refused, cooling or ok. */
  ofKey(provider: string, key: { name: string; reference: string }): UnitHealth {
    if (key.reference !== 'none' && this.#readKey(key.reference) === undefined)
      return { state: 'out', reason: `${key.reference} is not set` };
    const name = keyUnit(provider, key.name);
    const unit = this.#units.get(name);
    if (unit?.refused) {
      if (unit.refused.value === this.#readKey(key.reference)) return { state: 'out', reason: unit.reason };
      this.#units.delete(name);
    }
    return this.#state(name);
  }

  /**
   * Marks a probe when the deployment comes out of a cooldown; call before each attempt. Returns the key's value that
   * the attempt will use, for `failure`.
   */
  begin(deployment: Deployment): string | undefined {
    for (const name of unitsOf(deployment)) {
      const unit = this.#units.get(name);
      if (unit && unit.length > 0) unit.probing = true;
    }
    return this.#readKey(deployment.key.reference);
  }

  /** An attempt ended without a verdict (the client left, its own mistake): a probe is free again. */
  release(deployment: Deployment): void {
    for (const name of unitsOf(deployment)) {
      const unit = this.#units.get(name);
      if (unit) unit.probing = false;
    }
  }

  /** The deployment's answer has begun: all cooldowns on its way are over. */
  committed(deployment: Deployment): void {
    for (const name of unitsOf(deployment)) {
      const unit = this.#units.get(name);
      if (unit) Object.assign(unit, { until: 0, length: 0, probing: false });
    }
  }

  /** The answer came to its end: earlier failures are forgotten. Answers that break off again and again are not. */
  completed(deployment: Deployment): void {
    for (const name of unitsOf(deployment)) {
      const unit = this.#units.get(name);
      if (unit) unit.strikes = [];
    }
  }

  /**
   * Books a failure. Failures of scope `request` leave no trace. `key` is the value that was used: it may have been
   * changed since, and the new one is not to blame.
   */
  failure(
    deployment: Deployment,
    failure: Failure,
    resilience: Resilience,
    key = this.#readKey(deployment.key.reference),
  ): void {
    this.release(deployment);
    if (failure.scope === 'request' || failure.kind === 'no-key') return;
    const name = unitName(deployment, failure.scope);
    const unit = this.#unit(name);
    unit.reason = failure.message;
    const now = this.#clock.now();
    if (failure.kind === 'auth') {
      unit.refused = { value: key };
      return;
    }
    const length = this.#cooldownLength(unit, failure, resilience, now);
    if (length === 0) return;
    const told =
      failure.until !== undefined || failure.kind === 'quota' || failure.kind === 'model-not-found';
    this.#cool(unit, failure.until ?? now + length, now, told);
  }

  /** How long a failure cools its unit, in milliseconds; 0 = it is forgiven. */
  #cooldownLength(unit: Unit, failure: Failure, resilience: Resilience, now: number): number {
    const doubled = nextCooldown(unit, resilience, now);
    switch (failure.kind) {
      case 'quota':
        return quotaCooldown;
      case 'model-not-found':
        return missingModelCooldown;
      case 'connect':
      case 'rate-limit':
        return doubled;
      default:
        unit.strikes = [...unit.strikes.filter((time) => now - time < strikeWindow), now];
        // A failed probe needs no second chance.
        return unit.length > 0 || unit.strikes.length > resilience.allowedFails ? doubled : 0;
    }
  }

  /** Forgets cooldowns and refusals of one provider, or of all. */
  clear(provider?: string): void {
    for (const name of [...this.#units.keys()]) {
      if (
        provider === undefined ||
        name === providerUnit(provider) ||
        name.startsWith(`key ${provider}/`) ||
        name.startsWith(`deployment ${provider}/`)
      )
        this.#units.delete(name);
    }
  }

  /** When the next cooldown ends, in milliseconds since the epoch. */
  nextRecovery(): number | undefined {
    const now = this.#clock.now();
    const ends = [...this.#units.values()].map((unit) => unit.until).filter((until) => until > now);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** Deadlines as plain data, for `health.json`. Refusals are not kept: a restart tries the key once more. */
  export(): Record<string, Pick<Unit, 'until' | 'length' | 'told' | 'reason'>> {
    const now = this.#clock.now();
    const data: Record<string, Pick<Unit, 'until' | 'length' | 'told' | 'reason'>> = {};
    for (const [name, { until, length, told, reason }] of this.#units)
      if (until > now) data[name] = { until, length, told, reason };
    return data;
  }

  /** Takes `export`ed deadlines back; anything else in the data is ignored. */
  import(data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    const now = this.#clock.now();
    for (const [name, value] of Object.entries(data)) {
      if (!/^(?:provider|key|deployment) ./.test(name) || typeof value !== 'object' || value === null)
        continue;
      const { until, length, told, reason } = value as Record<string, unknown>;
      if (typeof until !== 'number' || until <= now || typeof length !== 'number') continue;
      Object.assign(this.#unit(name), {
        until: Math.min(until, now + longestLimit),
        length,
        told: told === true,
        reason: typeof reason === 'string' ? reason : '',
      });
    }
  }

  #cool(unit: Unit, until: number, now: number, told: boolean): void {
    if (until <= unit.until) return;
    unit.until = until;
    unit.told = told;
    unit.length = until - now;
    unit.strikes = [];
  }

  #state(name: string): UnitHealth {
    const unit = this.#units.get(name);
    if (!unit) return { state: 'ok' };
    const now = this.#clock.now();
    if (unit.until > now) return { state: 'cooling', until: unit.until, reason: unit.reason };
    if (unit.probing) return { state: 'cooling', until: now, reason: 'one request is trying it again' };
    return { state: 'ok' };
  }

  /** Clients may ask for any model of a provider: those that are well need not be remembered for ever. */
  #forgetIdle(): void {
    for (const [name, unit] of this.#units)
      if (unit.length === 0 && !unit.probing && !unit.refused && unit.strikes.length === 0)
        this.#units.delete(name);
  }

  #unit(name: string): Unit {
    let unit = this.#units.get(name);
    if (!unit) {
      if (this.#units.size >= mostUnits) this.#forgetIdle();
      unit = { until: 0, length: 0, told: false, reason: '', strikes: [], probing: false };
      this.#units.set(name, unit);
    }
    return unit;
  }
}

/** Doubled only after a probe: requests that were under way together and fail together are one failure. */
function nextCooldown(unit: Unit, resilience: Resilience, now: number): number {
  if (unit.length === 0) return resilience.cooldown * 1000;
  return unit.until > now ? unit.until - now : Math.min(unit.length * 2, longestCooldown);
}

const providerUnit = (provider: string) => `provider ${provider}`;
const keyUnit = (provider: string, key: string) => `key ${provider}/${key}`;
const deploymentUnit = (deployment: Deployment) => `deployment ${deployment.id}`;

function unitsOf(deployment: Deployment): string[] {
  return [
    providerUnit(deployment.provider.name),
    keyUnit(deployment.provider.name, deployment.key.name),
    deploymentUnit(deployment),
  ];
}

function unitName(deployment: Deployment, scope: Failure['scope']): string {
  if (scope === 'provider') return providerUnit(deployment.provider.name);
  return scope === 'key'
    ? keyUnit(deployment.provider.name, deployment.key.name)
    : deploymentUnit(deployment);
}
