// This router's relation to the port over time: it leads, follows another window's router, or waits for the port.
import type { Clock, Random } from '../core/clock.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import type { Log } from '../core/log.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { callLeader, follow, type LeaderEvents } from './control-client.ts';
import type { Listener } from './listener.ts';
import { isNewer } from './newer-version.ts';
import { type Claim, claimPort } from './port-claim.ts';

export interface PortSeatOptions {
  /** The port to have; undefined: the first free one from 3456 up. */
  wantedPort(): number | undefined;
  /** The secret of the control API. */
  secret: string;
  /** Follow a router of the same user, and try again when the port is taken. */
  patient: boolean;
  version: string;
  /** The first time, asks the router that has the port to give it up. */
  takeOver: boolean;
  /** Our window has lost its user. */
  isAlone(): boolean;
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
  /** The leader gives no sign of life, or does again. */
  onLeaderSilence(): void;
  /** Somebody else has the port; `reason` is one sentence. */
  onBlocked(reason: string, port: number): void;
}

/** Milliseconds. */
const retryInterval = 2000;
/** After the leader is gone: tries in quick succession before the port counts as lost to another program. */
const takeOverTries = 20;
const takeOverJitter = 100;
/** Windows without a user let the others go first. */
const aloneDelay = 1000;
/** Who has asked for the port has it by then; only now the other followers hear that it is to be had. */
const heirHeadStart = 300;
/** A router that hangs gives up nothing. */
const handOverTimeout = 3000;

/** What a router says that wants the port of another one. */
export interface HandOver {
  version: string;
  /** A user asked for it; otherwise only an older router, or one without a user, gives it up. */
  wanted: boolean;
}

type Seat =
  | { kind: 'none' }
  | { kind: 'leader'; port: number; listener: Listener }
  | {
      kind: 'follower';
      port: number;
      pid: number;
      end(): void;
      last?: RouterSnapshot;
      silent: boolean;
      /** The leader was asked for the port already. */
      asked: boolean;
    };

export class PortSeat {
  readonly #options: PortSeatOptions;
  #seat: Seat = { kind: 'none' };
  /** Since the leader went; 0 while nothing is in motion. */
  #tries = 0;
  #cancelRetry = (): void => {};
  #released = false;
  #insists: boolean;
  /** The last state of a router that has given us its port. */
  #inherited: RouterSnapshot | undefined;
  /** Listeners that gave up the port, until their last answer has ended. */
  readonly #closing = new Set<Promise<void>>();
  #moves: Promise<void> = Promise.resolve();
  #taking: Promise<Claim> | undefined;

  constructor(options: PortSeatOptions) {
    this.#options = options;
    this.#insists = options.takeOver;
  }

  get kind(): Seat['kind'] {
    return this.#seat.kind;
  }

  get port(): number | undefined {
    return this.#seat.kind === 'none' ? undefined : this.#seat.port;
  }

  /** Whom we follow, and its last state; undefined when we follow nobody or know no state yet. */
  get leader(): { pid: number; port: number; snapshot: RouterSnapshot; silent: boolean } | undefined {
    const seat = this.#seat;
    if (seat.kind !== 'follower' || !seat.last) return undefined;
    return { pid: seat.pid, port: seat.port, snapshot: seat.last, silent: seat.silent };
  }

  /** Binds the port or finds out who has it, and acts on that. Never rejects. One try at a time. */
  take(): Promise<Claim> {
    this.#taking ??= this.#take().finally(() => {
      this.#taking = undefined;
    });
    return this.#taking;
  }

  async #take(): Promise<Claim> {
    let claim = await this.#claim();
    if (claim.kind === 'follower' && (this.#insists || isNewer(this.#options.version, claim.version))) {
      if (await this.#askForPort(claim.port, this.#insists)) {
        // In motion, so that a port that is not free yet is tried again soon.
        this.#tries = 1;
        claim = await this.#claim();
      }
      this.#insists = false;
    }
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
      this.#close(seat.listener);
      this.#options.onLeave();
      if (claim.kind === 'leader') this.#lead(claim.port, claim.listener);
      else await this.#follow(claim.port, claim.pid);
    }
  }

  /**
   * Gives the port to a router that asks for it: open answers run to their end, and we follow who has it next. False when
   * we don't have it, or keep it because there is no reason to give it up.
   */
  handOver({ version, wanted }: HandOver): boolean {
    const seat = this.#seat;
    if (seat.kind !== 'leader' || this.#released || !this.#options.patient) return false;
    if (!wanted && !this.#options.isAlone() && !isNewer(version, this.#options.version)) return false;
    this.#options.log('info', 'Another window takes over the port.');
    this.#seat = { kind: 'none' };
    this.#close(seat.listener);
    this.#cancelRetry();
    this.#cancelRetry = this.#options.clock.after(heirHeadStart, () => {
      this.#options.onLeave();
      void this.take();
    });
    return true;
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
    // The port has to be free before followers hear that they may have it.
    const closed = seat.kind === 'leader' ? seat.listener.close(grace) : undefined;
    this.#options.onLeave();
    await closed;
    if (this.#closing.size > 0 && grace > 0) await this.#lastAnswers(grace);
  }

  async #lastAnswers(grace: number): Promise<void> {
    const all = Promise.all(this.#closing);
    if (!Number.isFinite(grace)) return void (await all);
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(grace, resolve);
    await Promise.race([all, promise]);
    cancel();
  }

  #close(listener: Listener): void {
    const closed = listener.close(Number.POSITIVE_INFINITY).finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }

  /** Whether the leader on `port` has given it up in our favour. Never rejects. */
  async #askForPort(port: number, wanted: boolean): Promise<boolean> {
    const { secret, version, log } = this.#options;
    const params: HandOver = { version, wanted };
    try {
      const last = await callLeader(port, secret, 'handOver', params, handOverTimeout);
      this.#inherited = (last as RouterSnapshot | null) ?? undefined;
      return last !== null;
    } catch (error) {
      log('warn', `The router on port ${port} was asked to hand it over, without success: ${String(error)}`);
      return false;
    }
  }

  /** The leader has lost its user, and we have ours. */
  async #relieve(seat: Seat & { kind: 'follower' }): Promise<void> {
    if (seat.asked || this.#options.isAlone()) return;
    seat.asked = true;
    const given = await this.#askForPort(seat.port, false);
    if (given && this.#seat === seat && !this.#released) await this.take();
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
    const before = this.#inherited ?? this.leader?.snapshot;
    this.#inherited = undefined;
    this.#seat = { kind: 'leader', port, listener };
    this.#tries = 0;
    this.#options.log('info', `Listening on http://127.0.0.1:${port}.`);
    this.#options.onLead(port, before);
  }

  async #follow(port: number, pid: number): Promise<void> {
    const seat: Seat = { kind: 'follower', port, pid, end: () => {}, silent: false, asked: false };
    this.#seat = seat;
    try {
      const events: LeaderEvents = {
        snapshot: (snapshot) => {
          const first = seat.last === undefined;
          seat.last = snapshot;
          if (this.#seat !== seat) return;
          this.#options.onLeaderSnapshot(first);
          if (snapshot.alone) void this.#relieve(seat);
          else seat.asked = false;
        },
        exchange: (exchange) => this.#options.onLeaderExchange(exchange),
        silent: (silent) => {
          seat.silent = silent;
          if (this.#seat !== seat) return;
          if (silent)
            this.#options.log('warn', `The router in another window does not answer (process ${pid}).`);
          else this.#options.log('info', 'The router in the other window answers again.');
          this.#options.onLeaderSilence();
        },
        end: () => {
          if (this.#seat === seat) this.#leaderGone();
        },
      };
      seat.end = await follow(port, this.#options.secret, events, this.#options.clock);
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
    const { random, isAlone } = this.#options;
    this.#retry(random.fraction() * takeOverJitter + (isAlone() ? aloneDelay : 0));
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
