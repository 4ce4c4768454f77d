// This router's relation to the port over time: it leads, follows another window's router, or waits for the port.
import type { Clock, Random } from '../core/clock.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import type { Log } from '../core/log.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { callLeader, follow } from './control-client.ts';
import type { Listener } from './listener.ts';
import { type Claim, claimPort } from './port-claim.ts';

export interface PortSeatOptions {
  /** The port to have; undefined: the first free one from 3456 up. */
  wantedPort(): number | undefined;
  /** The secret of the control API. */
  secret: string;
  /** Follow a router of the same user, and try again when the port is taken. */
  patient: boolean;
  createListener(): Listener;
  clock: Clock;
  random: Random;
  log: Log;
  /** We have the port. `before` is the last state of the router that we followed until now. */
  onLead(port: number, before: RouterSnapshot | undefined): void;
  /** We no longer have the port, and followers must hear of it. */
  onLeave(): void;
  /** We follow; the leader's state comes next. */
  onFollow(): void;
  /** `first` of a leader, or a later one. */
  onLeaderSnapshot(first: boolean): void;
  onLeaderExchange(exchange: ExchangeRecord): void;
  /** Somebody else has the port; `reason` is one sentence. */
  onBlocked(reason: string, port: number): void;
}

/** Milliseconds. */
const retryInterval = 2000;
/** After the leader is gone: tries in quick succession before the port counts as lost to another program. */
const takeOverTries = 20;
const takeOverJitter = 100;

type Seat =
  | { kind: 'none' }
  | { kind: 'leader'; port: number; listener: Listener }
  | { kind: 'follower'; port: number; pid: number; end(): void; last?: RouterSnapshot };

export class PortSeat {
  readonly #options: PortSeatOptions;
  #seat: Seat = { kind: 'none' };
  /** Since the leader went; 0 while nothing is in motion. */
  #tries = 0;
  #cancelRetry = (): void => {};
  #released = false;
  #moves: Promise<void> = Promise.resolve();

  constructor(options: PortSeatOptions) {
    this.#options = options;
  }

  get kind(): Seat['kind'] {
    return this.#seat.kind;
  }

  get port(): number | undefined {
    return this.#seat.kind === 'none' ? undefined : this.#seat.port;
  }

  /** Whom we follow, and its last state; undefined when we follow nobody or know no state yet. */
  get leader(): { pid: number; port: number; snapshot: RouterSnapshot } | undefined {
    const seat = this.#seat;
    if (seat.kind !== 'follower' || !seat.last) return undefined;
    return { pid: seat.pid, port: seat.port, snapshot: seat.last };
  }

  /** Binds the port or finds out who has it, and acts on that. Never rejects. */
  async take(): Promise<Claim> {
    const claim = await this.#claim();
    if (this.#released) {
      if (claim.kind === 'leader') await claim.listener.close(0);
      return claim;
    }
    if (claim.kind === 'leader') this.#lead(claim.port, claim.listener);
    else if (claim.kind === 'follower') await this.#follow(claim.port, claim.pid);
    else this.#blocked(claim.reason, claim.port);
    return claim;
  }

  /** Goes to another port, if that can be had. Open answers on the old one run to their end. Moves come one by one. */
  move(port: number): Promise<void> {
    this.#moves = this.#moves.then(() => this.#move(port));
    return this.#moves;
  }

  async #move(port: number): Promise<void> {
    const seat = this.#seat;
    if (seat.kind === 'none' || seat.port === port) return;
    // The end of the stream makes us claim anew, this time the other port.
    if (seat.kind === 'follower') return seat.end();
    const claim = await this.#claim();
    if (claim.kind === 'blocked') {
      this.#options.log('warn', `${claim.reason} Staying on port ${seat.port}.`);
    } else if (this.#released || this.#seat !== seat) {
      if (claim.kind === 'leader') await claim.listener.close(0);
    } else {
      void seat.listener.close(Number.POSITIVE_INFINITY);
      this.#options.onLeave();
      if (claim.kind === 'leader') this.#lead(claim.port, claim.listener);
      else await this.#follow(claim.port, claim.pid);
    }
  }

  /** Has the leader do something; rejects with its sentence, or when we follow nobody. */
  async callLeader(call: string, params: unknown): Promise<unknown> {
    const seat = this.#seat;
    if (seat.kind !== 'follower') throw new Error('There is no other window to ask.');
    return callLeader(seat.port, this.#options.secret, call, params);
  }

  /** Gives up the port at once; open answers get `grace` milliseconds. */
  async release(grace: number): Promise<void> {
    this.#released = true;
    this.#cancelRetry();
    const seat = this.#seat;
    if (seat.kind === 'follower') seat.end();
    if (seat.kind !== 'leader') return;
    // The port has to be free before followers hear that they may have it.
    const closed = seat.listener.close(grace);
    this.#options.onLeave();
    await closed;
  }

  async #claim(): Promise<Claim> {
    const { wantedPort, secret, patient, createListener, log } = this.#options;
    const port = wantedPort();
    try {
      return await claimPort({ port, secret, mayFollow: patient, createListener, log });
    } catch (error) {
      return { kind: 'blocked', port: port ?? 0, reason: `The port cannot be used: ${String(error)}` };
    }
  }

  #lead(port: number, listener: Listener): void {
    const before = this.leader?.snapshot;
    this.#seat = { kind: 'leader', port, listener };
    this.#tries = 0;
    this.#options.log('info', `Listening on http://127.0.0.1:${port}.`);
    this.#options.onLead(port, before);
  }

  async #follow(port: number, pid: number): Promise<void> {
    const seat: Seat = { kind: 'follower', port, pid, end: () => {} };
    this.#seat = seat;
    try {
      seat.end = await follow(port, this.#options.secret, {
        snapshot: (snapshot) => {
          const first = seat.last === undefined;
          seat.last = snapshot;
          if (this.#seat === seat) this.#options.onLeaderSnapshot(first);
        },
        exchange: (exchange) => this.#options.onLeaderExchange(exchange),
        end: () => this.#leaderGone(),
      });
    } catch {
      this.#leaderGone();
      return;
    }
    if (this.#released) return seat.end();
    this.#tries = 0;
    this.#options.log('info', `Following the router of process ${pid} on port ${port}.`);
    this.#options.onFollow();
  }

  #leaderGone(): void {
    if (this.#released) return;
    if (this.#tries === 0) this.#options.log('info', 'The router that had the port is gone; taking over.');
    this.#tries++;
    this.#retry(this.#options.random.fraction() * takeOverJitter);
  }

  #blocked(reason: string, port: number): void {
    if (this.#tries > 0 && this.#tries < takeOverTries) {
      // The old leader may still be letting go.
      this.#tries++;
      this.#retry(takeOverJitter);
      return;
    }
    this.#tries = 0;
    this.#seat = { kind: 'none' };
    this.#options.onBlocked(reason, port);
    if (this.#options.patient) this.#retry(retryInterval);
  }

  #retry(delay: number): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#options.clock.after(delay, () => void this.take());
  }
}
