// Who is well, who is left alone and until when: one unit each for a provider's host, a key, a model family of a key and a
// deployment. A deployment is as well as the worst of its units.
import type { Clock } from '../clock.ts';
import type { ProviderConfig, Resilience } from '../config/router-config.ts';
import { shortHash } from '../dialects/short-hash.ts';
import type { Failure, FailureScope } from '../failure.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { UnitHealth } from '../snapshot.ts';
import { type Deadlines, HealthUnit } from './health-unit.ts';
import { familyOf } from './model-family.ts';
import { longestLimit } from './retry-after.ts';

/** Beyond this number units are forgotten, several at once: looking for them takes time. */
const mostUnits = 2_000;
const roomMade = 200;

/** The value behind a reference, for calls to `baseUrl` alone; undefined when there is none, or when it must not go there. */
export type ReadKey = (reference: string, baseUrl: string) => string | undefined;

/** Why `ReadKey` gives nothing, in words: `secret:x is not set`. */
export type ExplainKey = (reference: string, baseUrl: string) => string;

export const notSet: ExplainKey = (reference) => `${reference} is not set`;

/** An attempt that has begun, perhaps to try what comes out of a cooldown. */
export interface Trial {
  /** The key's value that it uses. */
  readonly key: string | undefined;
  readonly units: readonly string[];
}

export class HealthBook {
  readonly #units = new Map<string, HealthUnit>();
  readonly #clock: Clock;
  readonly #readKey: ReadKey;
  readonly #explainKey: ExplainKey;
  readonly #isInForce: (provider: ProviderConfig) => boolean;

  /** @param isInForce calls that are under way go on when a provider moves: what they meet says nothing of the new place */
  constructor(
    clock: Clock,
    readKey: ReadKey,
    explainKey: ExplainKey = notSet,
    isInForce: (provider: ProviderConfig) => boolean = () => true,
  ) {
    this.#clock = clock;
    this.#readKey = readKey;
    this.#explainKey = explainKey;
    this.#isInForce = isInForce;
  }

  /** How a deployment stands: all of its units together; the worst wins. */
  of(deployment: Deployment): UnitHealth {
    const { provider, key } = deployment;
    const states = [
      this.ofKey(provider, key),
      ...this.#unitsOf(deployment).map((unit) => unit.state(this.#clock.now())),
    ];
    const out = states.find((unit) => unit.state === 'out');
    const cooling = states
      .filter((unit) => unit.state === 'cooling')
      .sort((a, b) => (b.until ?? 0) - (a.until ?? 0))[0];
    return out ?? cooling ?? { state: 'ok' };
  }

  /** It cools only because we guess that it needs rest: trying it early may succeed. */
  coolsByGuess(deployment: Deployment): boolean {
    return this.of(deployment).state === 'cooling' && this.limitLeft(deployment) === 0;
  }

  /** Milliseconds until the last limit that it was told is over; 0 = there is none. */
  limitLeft(deployment: Deployment): number {
    const now = this.#clock.now();
    return Math.max(0, ...this.#unitsOf(deployment).map((unit) => unit.limit(now) - now));
  }

  /** One request is trying the deployment after, or during, its cooldown. */
  isProbed(deployment: Deployment): boolean {
    return this.#unitsOf(deployment).some((unit) => unit.probing);
  }

  /** How a key stands: missing, refused, cooling or ok. */
  ofKey(provider: { name: string; baseUrl: string }, key: { name: string; reference: string }): UnitHealth {
    const value = this.#readKey(key.reference, provider.baseUrl);
    if (key.reference !== 'none' && value === undefined)
      return { state: 'out', reason: this.#explainKey(key.reference, provider.baseUrl) };
    const name = keyUnit(provider.name, key.name);
    const refused = this.#units.get(name)?.refused;
    if (refused) {
      if (refused.value === value) return { state: 'out', reason: refused.reason };
      this.#units.delete(name);
    }
    return this.#current(name, () => value)?.state(this.#clock.now()) ?? { state: 'ok' };
  }

  /** Call before each attempt: of several requests only one tries a deployment that comes out of a cooldown. */
  begin(deployment: Deployment): Trial {
    const trial: Trial = { key: this.#valueOf(deployment), units: unitsOf(deployment) };
    for (const name of trial.units) this.#units.get(name)?.begin(trial);
    return trial;
  }

  /**
   * An attempt ended; without a verdict (the client left, its own mistake) another may try now. Returns the units that it
   * tried, and no other meanwhile.
   */
  release(trial: Trial): readonly string[] {
    return trial.units.filter((name) => this.#units.get(name)?.release(trial) === true);
  }

  /** The deployment's answer has begun: rests on its way are over. */
  committed(deployment: Deployment): void {
    const now = this.#clock.now();
    for (const name of unitsOf(deployment)) this.#units.get(name)?.succeed(now);
  }

  /** The answer came to its end: earlier failures are forgotten. Answers that break off again and again are not. */
  completed(deployment: Deployment): void {
    for (const name of unitsOf(deployment)) this.#units.get(name)?.forgetStrikes();
  }

  /**
   * Books a failure. Failures of scope `request` leave no trace. `trial`: what `begin` gave, for failures of attempts;
   * its key may have been changed since, and the new one is not to blame.
   */
  failure(deployment: Deployment, failure: Failure, resilience: Resilience, trial?: Trial): void {
    const tried = trial && this.release(trial);
    if (failure.scope === 'request' || failure.kind === 'no-key') return;
    if (!this.#isInForce(deployment.provider)) return;
    const name = unitName(deployment, failure.scope);
    const unit = this.#unit(name);
    const value = trial ? trial.key : this.#valueOf(deployment);
    if (failure.kind === 'auth') unit.refused = { value, reason: failure.message };
    else {
      const ofKey = failure.scope !== 'provider';
      // What the old key met says nothing about the new one.
      if (ofKey && value !== this.#valueOf(deployment)) return;
      const key = ofKey ? keyMark(value) : undefined;
      unit.fail(failure, resilience, this.#clock.now(), tried?.includes(name) === true, key);
    }
  }

  /** Forgets cooldowns and refusals of one provider, or of all. */
  clear(provider?: string): void {
    for (const name of [...this.#units.keys()])
      if (provider === undefined || belongsTo(name, provider)) this.#units.delete(name);
  }

  /** When the next cooldown ends, in milliseconds since the epoch. */
  nextRecovery(): number | undefined {
    const now = this.#clock.now();
    const ends = [...this.#units.values()].map((unit) => unit.until(now)).filter((until) => until > now);
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** Deadlines as plain data, for `health.json`. Refusals are not kept: a restart tries the key once more. */
  export(): Record<string, Deadlines> {
    const now = this.#clock.now();
    const data: Record<string, Deadlines> = {};
    for (const [name, unit] of this.#units) if (unit.until(now) > now) data[name] = unit.export();
    return data;
  }

  /** Takes `export`ed deadlines back; anything else in the data is ignored. */
  import(data: unknown): void {
    if (typeof data !== 'object' || data === null) return;
    const now = this.#clock.now();
    for (const [name, value] of Object.entries(data)) {
      const deadlines = readDeadlines(value, now);
      if (/^(?:provider|key|family|deployment) ./.test(name) && deadlines) this.#unit(name).import(deadlines);
    }
  }

  #valueOf({ key, provider }: Deployment): string | undefined {
    return this.#readKey(key.reference, provider.baseUrl);
  }

  /** The units of a deployment of which something is known. */
  #unitsOf(deployment: Deployment): HealthUnit[] {
    return unitsOf(deployment).flatMap((name) => this.#current(name, () => this.#valueOf(deployment)) ?? []);
  }

  /** A unit without a limit that was told to a key which has been replaced since. */
  #current(name: string, key: () => string | undefined): HealthUnit | undefined {
    const unit = this.#units.get(name);
    unit?.keepTo(() => keyMark(key()));
    return unit;
  }

  /**
   * Clients may ask for any model of a provider: those that are well need not be remembered for ever, and when too many
   * are not, the oldest go. What several models share stays.
   */
  #makeRoom(): void {
    for (const [name, unit] of this.#units) if (unit.isIdle) this.#units.delete(name);
    for (const [name, unit] of this.#units) {
      if (this.#units.size < mostUnits - roomMade) return;
      if (name.startsWith('deployment ') && !unit.probing) this.#units.delete(name);
    }
  }

  #unit(name: string): HealthUnit {
    let unit = this.#units.get(name);
    if (!unit) {
      if (this.#units.size >= mostUnits) this.#makeRoom();
      unit = new HealthUnit();
      this.#units.set(name, unit);
    }
    return unit;
  }
}

/** Undefined unless one of the deadlines is still to come. */
function readDeadlines(value: unknown, now: number): Deadlines | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const data = value as Record<string, unknown>;
  const number = (name: string) => {
    const read = data[name];
    return typeof read === 'number' && Number.isFinite(read) ? read : 0;
  };
  const text = (name: string) => {
    const read = data[name];
    return typeof read === 'string' ? read : '';
  };
  const length = (name: string) => Math.min(Math.max(number(name), 0), longestLimit);
  const restLength = length('restLength');
  // Files of earlier versions don't say it.
  const limitLength = 'limitLength' in data ? length('limitLength') : longestLimit;
  // The clock may have been set back since they were written.
  const deadlines: Deadlines = {
    rest: Math.min(number('rest'), now + restLength),
    restReason: text('restReason'),
    restLength,
    limit: Math.min(number('limit'), now + limitLength),
    limitReason: text('limitReason'),
    limitLength,
    ...(typeof data.key === 'string' && { key: data.key }),
  };
  return Math.max(deadlines.rest, deadlines.limit) > now ? deadlines : undefined;
}

/** Tells a key from the one before it, and is too short to tell more. */
function keyMark(value: string | undefined): string | undefined {
  return value === undefined ? undefined : shortHash(value).slice(0, 4);
}

const providerUnit = (provider: string) => `provider ${provider}`;
const keyUnit = (provider: string, key: string) => `key ${provider}/${key}`;
const deploymentUnit = (deployment: Deployment) => `deployment ${deployment.id}`;

/** Undefined for models of no family that is limited apart. */
function familyUnit({ provider, key, model }: Deployment): string | undefined {
  const family = familyOf(model.id);
  return family === undefined ? undefined : `family ${provider.name}/${key.name}/${family}`;
}

function unitsOf(deployment: Deployment): string[] {
  const { provider, key } = deployment;
  const family = familyUnit(deployment);
  return [
    providerUnit(provider.name),
    keyUnit(provider.name, key.name),
    ...(family === undefined ? [] : [family]),
    deploymentUnit(deployment),
  ];
}

function belongsTo(unit: string, provider: string): boolean {
  return (
    unit === providerUnit(provider) ||
    ['key', 'family', 'deployment'].some((kind) => unit.startsWith(`${kind} ${provider}/`))
  );
}

function unitName(deployment: Deployment, scope: Exclude<FailureScope, 'request'>): string {
  const { provider, key } = deployment;
  switch (scope) {
    case 'provider':
      return providerUnit(provider.name);
    case 'key':
      return keyUnit(provider.name, key.name);
    case 'family':
      return familyUnit(deployment) ?? deploymentUnit(deployment);
    case 'deployment':
      return deploymentUnit(deployment);
  }
}
