// The whole router in one object, for the worker thread and the command line alike: it has or follows the port,
// serves what comes, and tells its parent what happens.
import { type Clock, type Random, systemClock, systemRandom } from '../core/clock.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import type { Log } from '../core/log.ts';
import { Redactor } from '../core/redact.ts';
import type { Phase, RouterSnapshot } from '../core/snapshot.ts';
import { ControlApi } from './control-api.ts';
import { callLeader, follow } from './control-client.ts';
import type { Engine } from './engine.ts';
import { HealthFile } from './health-file.ts';
import { type HomeFiles, openHome } from './home.ts';
import type { ProxySettings, RouterCall, RouterCalls, RouterOptions } from './host-link.ts';
import { Listener, type ListenerLimits } from './listener.ts';
import { type Claim, claimPort } from './port-claim.ts';
import { readOrCreateSecret } from './private-files.ts';
import { answerCall, isShared } from './router-calls.ts';
import { SecretBox, type SecretChange, secretChange } from './secret-box.ts';
import { keepPort, readPort } from './state-file.ts';
import { Throttle } from './throttle.ts';

export interface RouterInit extends RouterOptions {
  /** Without an editor: never follows, gives up a taken port at once, reads secrets from the environment. */
  headless?: boolean;
  /** The client token; undefined: the one in the token file. */
  token?: string;
  clock?: Clock;
  random?: Random;
  limits?: Partial<ListenerLimits>;
}

export interface RouterEvents {
  /** At most one in 100 ms, and at once on a change of phase. */
  snapshot(snapshot: RouterSnapshot): void;
  exchange(exchange: ExchangeRecord): void;
  /** Once, before the first snapshot that says `listening` or `following`. */
  token(token: string): void;
  /** Lines are redacted already. */
  log: Log;
}

/** Milliseconds. */
const snapshotInterval = 100;
const retryInterval = 2000;
/** After the leader is gone: tries in quick succession before the port counts as lost to another program. */
const takeOverTries = 20;
const takeOverJitter = 100;

type Seat =
  | { kind: 'none' }
  | { kind: 'leader'; port: number; listener: Listener }
  | { kind: 'follower'; port: number; pid: number; end(): void; last?: RouterSnapshot };

export class Router {
  readonly #init: RouterInit;
  readonly #events: RouterEvents;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #redactor = new Redactor();
  readonly #secrets: SecretBox;
  readonly #publish: Throttle;
  readonly #files: HomeFiles;
  readonly #token: string;
  readonly #controlSecret: string;
  readonly #control: ControlApi;
  readonly #health: HealthFile;
  readonly #engine: Promise<Engine>;
  #loadEngine: () => void = () => {};
  #loaded: Engine | undefined;
  #pushed: Record<string, string>;
  #seat: Seat = { kind: 'none' };
  #phase: Phase = 'starting';
  #downReason: string | undefined;
  #tries = 0;
  #cancelRetry = (): void => {};
  #stopped = false;

  /** Opens the home folder, its token and its control secret; throws when that is impossible. */
  constructor(init: RouterInit, events: RouterEvents) {
    this.#init = init;
    this.#events = events;
    this.#clock = init.clock ?? systemClock;
    this.#random = init.random ?? systemRandom;
    this.#secrets = new SecretBox({
      env: init.env,
      redactor: this.#redactor,
      headless: init.headless ?? false,
    });
    this.#pushed = init.secrets;
    this.#secrets.replace(init.secrets);
    this.#files = openHome(init.home);
    this.#token = init.token ?? readOrCreateSecret(this.#files.token);
    this.#controlSecret = readOrCreateSecret(this.#files.control);
    this.#redactor.setSecrets('router', [this.#token, this.#controlSecret]);
    this.#publish = new Throttle(this.#clock, snapshotInterval, () => this.#emit());
    this.#health = new HealthFile(this.#files.health, this.#clock, this.#log, () =>
      this.#loaded?.gateway.exportHealth(),
    );
    this.#control = new ControlApi({
      secret: this.#controlSecret,
      version: init.version,
      snapshot: () => this.snapshot(),
      call: (name, params) => this.#answerOtherWindow(name, params),
    });
    this.#engine = new Promise((resolve, reject) => {
      this.#loadEngine = () => {
        this.#loadEngine = () => {};
        this.#createEngine().then(resolve, reject);
      };
    });
  }

  /**
   * Takes or follows the port and loads the rest. Resolves as soon as it is known who serves the port; requests that
   * come before everything is loaded wait for it.
   */
  async start(): Promise<Claim> {
    this.#events.token(this.#token);
    // The configuration may name the port, unless the caller does.
    if (this.#init.port === undefined) {
      this.#loadEngine();
      await this.#engine;
    }
    const claim = await this.#takeSeat();
    this.#loadEngine();
    this.#engine.catch((error: unknown) => this.#goDown(`The router could not be loaded: ${String(error)}`));
    return claim;
  }

  /** Resolves when everything is loaded and the configuration is in force. */
  async ready(): Promise<void> {
    await this.#engine;
  }

  /** All provider keys of this window. The leader hears of changes too. */
  setSecrets(values: Record<string, string>): void {
    const change = secretChange(this.#pushed, values);
    this.#pushed = values;
    this.#secrets.replace(values);
    this.#tellLeader(change);
    this.#changed();
  }

  async setProxy(settings: ProxySettings): Promise<void> {
    (await this.#engine).setProxy(settings);
  }

  /** Answers a call of the shell; what concerns the serving router goes to the leader. */
  async call<C extends RouterCall>(call: C, params: unknown): Promise<RouterCalls[C]['result']> {
    const seat = this.#seat;
    if (seat.kind === 'follower' && isShared(call))
      return (await callLeader(seat.port, this.#controlSecret, call, params)) as RouterCalls[C]['result'];
    return answerCall(call, params, await this.#engine, this.#clock, (reference) =>
      this.#secrets.read(reference),
    );
  }

  snapshot(): RouterSnapshot {
    const seat = this.#seat;
    const own = { version: this.#init.version, pid: process.pid };
    if (seat.kind === 'follower' && seat.last)
      return { ...seat.last, ...own, phase: 'following', port: seat.port, leaderPid: seat.pid };
    const engine = this.#loaded;
    return this.#redactor.data({
      ...own,
      phase: this.#phase,
      ...(this.#downReason === undefined ? {} : { downReason: this.#downReason }),
      ...(seat.kind === 'none' ? {} : { port: seat.port }),
      ...(engine
        ? { ...engine.gateway.view(), config: engine.configView() }
        : { ...emptyView, config: { file: this.#init.configFile, state: 'none' as const, problems: [] } }),
    });
  }

  /** Gives up the port at once; open answers get `grace` milliseconds. */
  async stop(grace: number): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelRetry();
    this.#publish.stop();
    const seat = this.#seat;
    if (seat.kind === 'follower') seat.end();
    if (seat.kind === 'leader') {
      const closed = seat.listener.close(grace);
      this.#control.close();
      await closed;
      this.#health.flush();
    }
    await this.#loaded?.close();
  }

  readonly #log: Log = (level, message) => this.#events.log(level, this.#redactor.text(message));

  async #createEngine(): Promise<Engine> {
    const { Engine } = await import('./engine.ts');
    const engine = new Engine({
      options: this.#init,
      clock: this.#clock,
      random: this.#random,
      log: this.#log,
      readKey: (reference) => this.#secrets.read(reference),
      onExchange: (record) => this.#exchange(record),
      onChange: () => this.#changed(),
      onConfig: () => void this.#followConfig(),
    });
    this.#loaded = engine;
    if (this.#seat.kind !== 'follower') engine.gateway.importHealth(this.#health.load());
    await engine.open();
    this.#publish.request();
    return engine;
  }

  #exchange(record: ExchangeRecord): void {
    const clean = this.#redactor.data(record);
    this.#events.exchange(clean);
    this.#control.publishExchange(clean);
  }

  #changed(): void {
    if (this.#stopped) return;
    if (this.#seat.kind === 'leader') this.#health.touch();
    if (this.#seat.kind !== 'follower') this.#publish.request();
  }

  #emit(): void {
    const snapshot = this.snapshot();
    this.#events.snapshot(snapshot);
    if (this.#seat.kind === 'leader') this.#control.publishSnapshot(snapshot);
  }

  #wantedPort(): number | undefined {
    return this.#init.port ?? this.#loaded?.wantedPort ?? readPort(this.#files.state);
  }

  #claim(): Promise<Claim> {
    return claimPort({
      port: this.#wantedPort(),
      secret: this.#controlSecret,
      mayFollow: !this.#init.headless,
      log: this.#log,
      createListener: () =>
        new Listener({
          token: this.#token,
          tokenPlace: this.#init.token === undefined ? tokenPlace(this.#files.token) : ownToken,
          handle: async (request, response) => (await this.#engine).gateway.handle(request, response),
          control: (request, response) => this.#control.handle(request, response),
          log: this.#log,
          ...(this.#init.limits ? { limits: this.#init.limits } : {}),
        }),
    });
  }

  async #takeSeat(): Promise<Claim> {
    let claim: Claim;
    try {
      claim = await this.#claim();
    } catch (error) {
      claim = {
        kind: 'blocked',
        port: this.#wantedPort() ?? 0,
        reason: `The port cannot be used: ${String(error)}`,
      };
    }
    if (this.#stopped) {
      if (claim.kind === 'leader') await claim.listener.close(0);
      return claim;
    }
    if (claim.kind === 'leader') this.#lead(claim.port, claim.listener);
    else if (claim.kind === 'follower') await this.#follow(claim.port, claim.pid);
    else this.#blocked(claim.reason);
    return claim;
  }

  #lead(port: number, listener: Listener): void {
    const before = this.#seat;
    this.#seat = { kind: 'leader', port, listener };
    this.#tries = 0;
    if (this.#init.port !== 0) this.#rememberPort(port);
    if (before.kind !== 'leader' && this.#loaded) this.#loaded.gateway.importHealth(this.#health.load());
    if (before.kind === 'follower') this.#loaded?.gateway.setPaused(before.last?.paused ?? false);
    this.#log('info', `Listening on http://127.0.0.1:${port}.`);
    this.#enter('listening');
  }

  async #follow(port: number, pid: number): Promise<void> {
    const seat: Seat = { kind: 'follower', port, pid, end: () => {} };
    this.#seat = seat;
    try {
      seat.end = await follow(port, this.#controlSecret, {
        snapshot: (snapshot) => {
          const first = seat.last === undefined;
          seat.last = snapshot;
          if (this.#seat !== seat) return;
          if (first) this.#enter('following');
          else this.#publish.request();
        },
        exchange: (exchange) => this.#events.exchange(exchange),
        end: () => this.#leaderGone(),
      });
    } catch {
      this.#leaderGone();
      return;
    }
    if (this.#stopped) return seat.end();
    this.#tries = 0;
    this.#log('info', `Following the window of process ${pid} on port ${port}.`);
    this.#tellLeader({ fill: this.#pushed, set: {}, remove: [] });
  }

  #leaderGone(): void {
    if (this.#stopped) return;
    if (this.#tries === 0) this.#log('info', 'The window that had the port is gone; taking over.');
    this.#tries = Math.max(this.#tries, 1);
    this.#retry(this.#random.fraction() * takeOverJitter);
  }

  #blocked(reason: string): void {
    if (this.#tries > 0 && this.#tries < takeOverTries) {
      // The old leader may still be letting go.
      this.#tries++;
      this.#retry(takeOverJitter);
      return;
    }
    this.#tries = 0;
    this.#goDown(reason);
    if (!this.#init.headless) this.#retry(retryInterval);
  }

  #goDown(reason: string): void {
    if (this.#seat.kind === 'follower') this.#seat = { kind: 'none' };
    if (this.#downReason !== reason) this.#log('error', reason);
    this.#downReason = reason;
    this.#enter('down');
  }

  #retry(delay: number): void {
    this.#cancelRetry();
    this.#cancelRetry = this.#clock.after(delay, () => void this.#takeSeat());
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    if (phase !== 'down') this.#downReason = undefined;
    this.#publish.now();
  }

  #rememberPort(port: number): void {
    try {
      keepPort(this.#files.state, port);
    } catch (error) {
      this.#log('warn', `The port could not be remembered: ${String(error)}`);
    }
  }

  /** The configuration may have named another port. Open answers on the old one run to their end. */
  async #followConfig(): Promise<void> {
    const seat = this.#seat;
    const wanted = this.#loaded?.wantedPort;
    if (this.#init.port !== undefined || wanted === undefined) return;
    if (seat.kind === 'none' || seat.port === wanted) return;
    if (seat.kind === 'follower') return seat.end();
    const claim = await this.#claim();
    if (this.#stopped || this.#seat !== seat || claim.kind === 'blocked') {
      if (claim.kind === 'blocked') this.#log('warn', `${claim.reason} Staying on port ${seat.port}.`);
      if (claim.kind === 'leader') await claim.listener.close(0);
      return;
    }
    void seat.listener.close(Number.POSITIVE_INFINITY);
    this.#control.close();
    if (claim.kind === 'leader') this.#lead(claim.port, claim.listener);
    else await this.#follow(claim.port, claim.pid);
  }

  #tellLeader(change: SecretChange): void {
    const seat = this.#seat;
    const empty = [change.fill, change.set, change.remove].every((part) => Object.keys(part).length === 0);
    if (seat.kind !== 'follower' || empty) return;
    callLeader(seat.port, this.#controlSecret, 'secrets', change).catch((error: unknown) =>
      this.#log('warn', `The other window did not take the keys: ${String(error)}`),
    );
  }

  async #answerOtherWindow(name: string, params: unknown): Promise<unknown> {
    if (name === 'secrets') {
      this.#secrets.borrow(params as SecretChange);
      this.#changed();
      return null;
    }
    if (!isShared(name)) throw new Error(`There is no call "${name}".`);
    return this.call(name, params);
  }
}

const emptyView = {
  paused: false,
  demo: false,
  health: 'ok' as const,
  routes: [],
  groups: [],
  providers: [],
  exchanges: [],
};

const ownToken = 'Use the one that was set in SWITCHYARD_TOKEN.';

function tokenPlace(file: string): string {
  return `Use the one in ${file}; in VS Code, "Switchyard: Copy Connection Settings…" copies it.`;
}
