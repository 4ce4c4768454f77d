// What is under way and what went out in the last minute, by deployment and by key. Limits are the key's: all models
// of an account share them.
import type { Clock } from '../clock.ts';
import type { Deployment } from '../routing/candidates.ts';
import { Minute } from './minute.ts';

/** What a request will cost a key, before anybody knows. */
export interface Demand {
  /**
   * Estimated tokens of the prompt. Only asked where a key has a limit of tokens, and then at each look for a slot:
   * who answers counts once.
   */
  tokens(): number;
  /** Bytes of the request's body, a rough measure for keys without such a limit. */
  size: number;
}

/** The slot of one attempt under way. */
export interface Lease {
  /** The attempt sends one more request in its slot: the key's limit of requests counts it too. */
  again(): void;
  /**
   * The attempt is over and its slot free; only the first time counts. `tokens`: what it really used, prompt and answer;
   * without it the estimate stands.
   */
  end(tokens?: number): void;
}

interface KeyLoad {
  inFlight: number;
  minute: Minute;
  /** Moving average of how long a call takes, in milliseconds; 0 = none has ended yet. */
  duration: number;
}

/** Text has about four bytes to a token. */
const bytesPerToken = 4;
const durationWeight = 0.3;
/** Beyond this number idle keys are forgotten. */
const mostKeys = 500;

export class LoadBook {
  readonly #clock: Clock;
  readonly #keys = new Map<string, KeyLoad>();
  /** Calls under way by deployment; those without any are not listed. */
  readonly #inFlight = new Map<string, number>();
  /** Hears the name of each key that may have room again. */
  #onRoom: (key: string) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set onRoom(listener: (key: string) => void) {
    this.#onRoom = listener;
  }

  /** Calls under way at a deployment, by its id. */
  inFlight(deployment: string): number {
    return this.#inFlight.get(deployment) ?? 0;
  }

  /** What a deployment's key has sent in the last 60 seconds. */
  lastMinute(deployment: Deployment): { requests: number; tokens: number } {
    const minute = this.#keys.get(keyName(deployment))?.minute;
    const now = this.#clock.now();
    return { requests: minute?.requests(now) ?? 0, tokens: minute?.tokens(now) ?? 0 };
  }

  /** Whether the limits of the deployment's key let a call begin now. */
  hasRoom(deployment: Deployment, demand: Demand): boolean {
    const { maxParallel, rpm, tpm } = deployment.key;
    if (maxParallel === undefined && rpm === undefined && tpm === undefined) return true;
    const load = this.#keys.get(keyName(deployment));
    if (!load) return true;
    if (maxParallel !== undefined && load.inFlight >= maxParallel) return false;
    const now = this.#clock.now();
    return load.minute.roomAt(now, deployment.key, () => demand.tokens()) <= now;
  }

  /**
   * When the limits of the minute let a call begin, in milliseconds since the epoch; undefined while it waits for
   * another call to end.
   */
  minuteRoomAt(deployment: Deployment, demand: Demand): number | undefined {
    const load = this.#keys.get(keyName(deployment));
    const now = this.#clock.now();
    if (!load) return now;
    const { maxParallel } = deployment.key;
    if (maxParallel !== undefined && load.inFlight >= maxParallel) return undefined;
    return load.minute.roomAt(now, deployment.key, () => demand.tokens());
  }

  /** When a call can probably begin, in milliseconds since the epoch: for a client that is told to come back. */
  expectedRoomAt(deployment: Deployment, demand: Demand): number {
    const load = this.#keys.get(keyName(deployment));
    const now = this.#clock.now();
    if (!load) return now;
    const { maxParallel } = deployment.key;
    const minute = load.minute.roomAt(now, deployment.key, () => demand.tokens());
    if (maxParallel === undefined || load.inFlight < maxParallel) return minute;
    // Of several calls under way the first ends after a part of the time that one takes.
    return Math.max(minute, now + 1 + load.duration / maxParallel);
  }

  /** Begins a call, if the limits of the deployment's key allow it now. */
  begin(deployment: Deployment, demand: Demand): Lease | undefined {
    if (!this.hasRoom(deployment, demand)) return undefined;
    const key = keyName(deployment);
    const load = this.#load(key);
    const tokens =
      deployment.key.tpm === undefined ? Math.ceil(demand.size / bytesPerToken) : demand.tokens();
    const booking = load.minute.book(this.#clock.now(), tokens);
    load.inFlight++;
    this.#inFlight.set(deployment.id, this.inFlight(deployment.id) + 1);
    const begun = this.#clock.elapsed();
    let over = false;
    return {
      // Its tokens come with the end's.
      again: () => void load.minute.book(this.#clock.now(), 0),
      end: (used) => {
        if (over) return;
        over = true;
        if (used !== undefined) load.minute.correct(booking, used, this.#clock.now());
        load.inFlight--;
        const took = this.#clock.elapsed() - begun;
        load.duration = load.duration === 0 ? took : load.duration + durationWeight * (took - load.duration);
        this.#leave(deployment.id);
        this.#onRoom(key);
      },
    };
  }

  #leave(deployment: string): void {
    const left = this.inFlight(deployment) - 1;
    if (left > 0) this.#inFlight.set(deployment, left);
    else this.#inFlight.delete(deployment);
  }

  #load(key: string): KeyLoad {
    let load = this.#keys.get(key);
    if (!load) {
      if (this.#keys.size >= mostKeys) this.#forgetIdle();
      load = { inFlight: 0, minute: new Minute(), duration: 0 };
      this.#keys.set(key, load);
    }
    return load;
  }

  #forgetIdle(): void {
    const now = this.#clock.now();
    for (const [key, load] of this.#keys)
      if (load.inFlight === 0 && load.minute.requests(now) === 0) this.#keys.delete(key);
  }
}

/** A key's name among all keys. */
export function keyName(deployment: Deployment): string {
  return `${deployment.provider.name}/${deployment.key.name}`;
}
