// The whole router in one object, for the worker thread and the command line alike: it has or follows the port,
// serves what comes, and tells its parent what happens.
import { type Clock, type Random, systemClock, systemRandom } from '../core/clock.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import { type Log, oneLine } from '../core/log.ts';
import { Redactor } from '../core/redact.ts';
import { emptyView, type Phase, type RouterSnapshot } from '../core/snapshot.ts';
import { ControlApi } from './control-api.ts';
import type { Engine } from './engine.ts';
import { HealthFile } from './health-file.ts';
import { type HomeFiles, openHome } from './home.ts';
import type { ProxySettings, RouterCall, RouterCalls, RouterOptions } from './host-link.ts';
import { Listener, type ListenerLimits } from './listener.ts';
import { MainToken } from './main-token.ts';
import type { Claim } from './port-claim.ts';
import { type HandOver, PortSeat } from './port-seat.ts';
import { readOrCreateSecret } from './private-files.ts';
import { answerCall, isShared } from './router-calls.ts';
import { isEmpty, SecretBox, type SecretChange, type Secrets, secretChange } from './secret-box.ts';
import { keepPort, readPort } from './state-file.ts';
import { Throttle } from './throttle.ts';

export interface RouterInit extends RouterOptions {
  /** Without an editor: never follows, gives up a taken port at once, reads secrets from the environment. */
  headless?: boolean;
  /** The client token; undefined: the one in the token file. */
  token?: string;
  /** Asks the router that has the port to give it up. */
  takeOver?: boolean;
  clock?: Clock;
  random?: Random;
  limits?: Partial<ListenerLimits>;
}

export interface RouterEvents {
  /** At most one in 100 ms, and at once on a change of phase. */
  snapshot?(snapshot: RouterSnapshot): void;
  exchange?(exchange: ExchangeRecord): void;
  /** Before the first snapshot that says `listening` or `following`, and when there is a new one. */
  token(token: string): void;
  /** Lines are redacted already. */
  log: Log;
}

/** Milliseconds. */
const snapshotInterval = 100;

export class Router {
  readonly #init: RouterInit;
  readonly #events: RouterEvents;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #redactor = new Redactor();
  readonly #secrets: SecretBox;
  readonly #publish: Throttle;
  readonly #files: HomeFiles;
  readonly #token: MainToken;
  readonly #controlSecret: string;
  readonly #control: ControlApi;
  readonly #health: HealthFile;
  readonly #seat: PortSeat;
  readonly #engine = Promise.withResolvers<Engine>();
  #loading = false;
  /** Set before its configuration is read, because that may already name the port. */
  #loaded: Engine | undefined;
  #ready = false;
  #pushed: Secrets;
  #phase: Phase = 'starting';
  #downReason: string | undefined;
  #takenPort: number | undefined;
  #stopped = false;
  #alone = false;
  /** What the router that had the port left to us, until there is an engine that can take it. */
  #before: RouterSnapshot | undefined;

  /** Opens the home folder, its token and its control secret; throws when that is impossible. */
  constructor(init: RouterInit, events: RouterEvents) {
    this.#init = init;
    this.#events = events;
    this.#clock = init.clock ?? systemClock;
    this.#random = init.random ?? systemRandom;
    const headless = init.headless ?? false;
    this.#secrets = new SecretBox({ env: init.env, redactor: this.#redactor, headless });
    this.#pushed = init.secrets;
    this.#secrets.replace(init.secrets);
    this.#files = openHome(init.home);
    this.#token = new MainToken(this.#files.token, init.token);
    const secret = readOrCreateSecret(this.#files.control);
    this.#controlSecret = secret;
    this.#redactor.setSecrets('router', [this.#token.value, secret]);
    this.#publish = new Throttle(this.#clock, snapshotInterval, () => this.#emit());
    this.#health = new HealthFile(this.#files.health, this.#clock, this.#log, () =>
      this.#loaded?.gateway.exportHealth(),
    );
    this.#control = new ControlApi({
      secret,
      version: init.version,
      clock: this.#clock,
      snapshot: () => this.snapshot(),
      ready: () => this.ready(),
      call: (name, params) => this.#answerOtherWindow(name, params),
    });
    this.#seat = new PortSeat({
      secret,
      patient: !headless,
      version: init.version,
      takeOver: init.takeOver ?? false,
      isAlone: () => this.#alone,
      clock: this.#clock,
      random: this.#random,
      log: this.#log,
      wantedPort: () => init.port ?? this.#loaded?.wantedPort ?? readPort(this.#files.state),
      createListener: () => this.#createListener(),
      onLead: (port, before) => this.#lead(port, before),
      onLeave: () => this.#control.close(),
      onFollow: () => this.#tellLeader({ fill: this.#pushed, set: {}, remove: [] }),
      onLeaderSnapshot: (first) => this.#leaderSpoke(first),
      onLeaderExchange: (exchange) => this.#events.exchange?.(exchange),
      onLeaderSilence: () => this.#publish.now(),
      onBlocked: (reason, port) => this.#goDown(reason, port),
    });
  }

  /**
   * Takes or follows the port and loads the rest. Resolves as soon as it is known who serves the port; requests that
   * come before everything is loaded wait for it.
   */
  async start(): Promise<Claim> {
    this.#events.token(this.#token.value);
    this.#engine.promise.catch((error: unknown) =>
      this.#goDown(`The router could not be loaded: ${String(error)}`),
    );
    // The configuration may name the port, unless the caller does.
    if (this.#init.port === undefined) await this.#load().catch(() => {});
    const claim = await this.#seat.take();
    // Loading blocks the thread for a moment: whoever waits for the port hears of it first.
    setImmediate(() => {
      if (!this.#stopped) void this.#load().catch(() => {});
    });
    return claim;
  }

  /** Resolves when everything is loaded and the configuration is in force. */
  async ready(): Promise<void> {
    await this.#engine.promise;
  }

  /** All provider keys of this window. The leader hears of changes too. */
  setSecrets(values: Secrets): void {
    // The first full set may come late, when an editor takes its time to open its storage: nobody has just typed it.
    const first = Object.keys(this.#pushed).length === 0;
    const change = first ? { fill: values, set: {}, remove: [] } : secretChange(this.#pushed, values);
    this.#pushed = values;
    this.#secrets.replace(values);
    this.#tellLeader(change);
    this.#secretsChanged();
  }

  /** The window's user is gone, or back: without one the port goes to any other window that asks for it. */
  setAlone(alone: boolean): void {
    if (this.#alone === alone) return;
    this.#alone = alone;
    this.#changed();
  }

  async setProxy(settings: ProxySettings): Promise<void> {
    (await this.#engine.promise).setProxy(settings);
  }

  /** Answers a call of the shell; what concerns the serving router goes to the leader. */
  async call<C extends RouterCall>(call: C, params: unknown): Promise<RouterCalls[C]['result']> {
    if (this.#seat.kind === 'follower' && isShared(call))
      return (await this.#seat.callLeader(call, params)) as RouterCalls[C]['result'];
    return answerCall(call, params, {
      engine: await this.#engine.promise,
      clock: this.#clock,
      secrets: this.#secrets,
      rotateToken: () => this.#rotateToken(),
    });
  }

  /** The state as the shell shows it; a follower shows its leader's. */
  snapshot(): RouterSnapshot {
    const own = { version: this.#init.version, pid: process.pid };
    const leader = this.#seat.leader;
    if (leader)
      return {
        ...leader.snapshot,
        ...own,
        phase: 'following',
        port: leader.port,
        leaderPid: leader.pid,
        ...(leader.silent ? { leaderSilent: true } : {}),
      };
    const engine = this.#loaded;
    const port = this.#seat.port;
    const { mark } = this.#token;
    return this.#redactor.data({
      ...own,
      phase: this.#phase,
      ...(this.#downReason === undefined ? {} : { downReason: this.#downReason }),
      ...(this.#takenPort === undefined ? {} : { takenPort: this.#takenPort }),
      ...(port === undefined ? {} : { port }),
      ...(mark === undefined ? {} : { tokenMark: mark }),
      ...(this.#alone ? { alone: true } : {}),
      ...(engine ? engine.gateway.view() : emptyView),
      config: engine?.configView() ?? { file: this.#init.configFile, state: 'none', problems: [] },
    });
  }

  /** Gives up the port at once; open answers get `grace` milliseconds. */
  async stop(grace: number): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#publish.stop();
    const led = this.#seat.kind === 'leader';
    await this.#seat.release(grace);
    if (led) this.#health.flush();
    await this.#loaded?.close();
  }

  readonly #log: Log = (level, message) => this.#events.log(level, oneLine(this.#redactor.text(message)));

  #load(): Promise<Engine> {
    if (!this.#loading) {
      this.#loading = true;
      this.#createEngine().then(this.#engine.resolve, this.#engine.reject);
    }
    return this.#engine.promise;
  }

  async #createEngine(): Promise<Engine> {
    const { Engine } = await import('./engine.ts');
    const engine = new Engine({
      options: this.#init,
      clock: this.#clock,
      random: this.#random,
      log: this.#log,
      redactor: this.#redactor,
      secrets: this.#secrets,
      onFileKeys: (values) => this.#secrets.setFileKeys(values),
      onExchange: (record) => this.#exchange(record),
      onChange: () => this.#changed(),
      onConfig: () => this.#followConfig(),
    });
    this.#loaded = engine;
    if (this.#seat.kind !== 'follower') engine.gateway.importHealth(this.#health.load());
    this.#inherit(this.#before);
    await engine.open();
    if (this.#stopped) await engine.close();
    this.#ready = true;
    this.#publish.request();
    return engine;
  }

  #createListener(): Listener {
    return new Listener({
      isToken: (credentials) => this.#token.isAmong(credentials),
      tokenPlace: this.#token.place,
      // A router that can't be loaded has no clients; what it answers to the main token says why.
      findClient: (credentials) =>
        this.#engine.promise.then(
          (engine) => engine.clientOf(credentials),
          () => undefined,
        ),
      handle: async (request, response) => (await this.#engine.promise).gateway.handle(request, response),
      control: (request, response) => this.#control.handle(request, response),
      log: this.#log,
      ...(this.#init.limits ? { limits: this.#init.limits } : {}),
    });
  }

  #exchange(record: ExchangeRecord): void {
    if (!this.#isWatched) return;
    const clean = this.#redactor.data(record);
    this.#events.exchange?.(clean);
    this.#control.publishExchange(clean);
  }

  /** Keys may be held back now, or no longer. */
  #secretsChanged(): void {
    this.#loaded?.secretsChanged();
    this.#changed();
  }

  #changed(): void {
    if (this.#stopped) return;
    if (this.#seat.kind === 'leader') this.#health.touch();
    if (this.#seat.kind !== 'follower') this.#publish.request();
  }

  #emit(): void {
    // Until then there is nothing to say but that the port is not to be had.
    if (!this.#ready && !this.#seat.leader && this.#phase !== 'down') return;
    if (!this.#isWatched) return;
    const snapshot = this.snapshot();
    this.#events.snapshot?.(snapshot);
    if (this.#seat.kind === 'leader') this.#control.publishSnapshot(snapshot);
  }

  /** Without an editor there is often nobody to tell; then nothing is made ready to be told. */
  get #isWatched(): boolean {
    return this.#events.snapshot !== undefined || this.#control.isFollowed;
  }

  #lead(port: number, before: RouterSnapshot | undefined): void {
    try {
      if (this.#init.port !== 0) keepPort(this.#files.state, port);
    } catch (error) {
      this.#log('warn', `The port could not be remembered: ${String(error)}`);
    }
    this.#inherit(before);
    // Somebody may have made a new one while nobody served it.
    this.#reloadToken();
    this.#enter('listening');
  }

  #leaderSpoke(first: boolean): void {
    const mark = this.#seat.leader?.snapshot.tokenMark;
    if (mark !== undefined && mark !== this.#token.mark) this.#reloadToken();
    if (first) this.#enter('following');
    else this.#publish.request();
  }

  #rotateToken(): void {
    this.#token.rotate();
    this.#tellToken();
    this.#log('info', 'There is a new client token; the old one is refused from now on.');
    this.#publish.now();
  }

  #reloadToken(): void {
    try {
      if (this.#token.reload()) this.#tellToken();
    } catch (error) {
      this.#log('warn', `The token could not be read again: ${String(error)}`);
    }
  }

  #tellToken(): void {
    this.#redactor.setSecrets('router', [this.#token.value, this.#controlSecret]);
    this.#events.token(this.#token.value);
  }

  /** Goes on where the router that had the port stopped. */
  #inherit(before: RouterSnapshot | undefined): void {
    this.#before = this.#loaded ? undefined : before;
    if (!before || !this.#loaded) return;
    this.#loaded.gateway.importHealth(this.#health.load());
    this.#loaded.gateway.setPaused(before.paused);
  }

  /** The last state before the port was given up; null when we keep it. The heir reads our health. */
  #handOver(asked: HandOver): RouterSnapshot | null {
    this.#health.flush();
    const last = this.snapshot();
    return this.#seat.handOver(asked) ? last : null;
  }

  #goDown(reason: string, takenPort?: number): void {
    if (this.#downReason !== reason) this.#log('error', reason);
    this.#downReason = reason;
    this.#takenPort = takenPort;
    this.#enter('down');
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    if (phase !== 'down') {
      this.#downReason = undefined;
      this.#takenPort = undefined;
    }
    if (!this.#stopped) this.#publish.now();
  }

  #followConfig(): void {
    const wanted = this.#loaded?.wantedPort;
    if (this.#init.port === undefined && wanted !== undefined) void this.#seat.move(wanted);
  }

  #tellLeader(change: SecretChange): void {
    if (this.#seat.kind !== 'follower' || isEmpty(change)) return;
    this.#seat
      .callLeader('secrets', change)
      .catch((error: unknown) =>
        this.#log('warn', `The other window did not take the keys: ${String(error)}`),
      );
  }

  async #answerOtherWindow(name: string, params: unknown): Promise<unknown> {
    if (name === 'secrets') {
      this.#secrets.borrow(params as SecretChange);
      this.#secretsChanged();
      return null;
    }
    if (name === 'handOver') return this.#handOver(params as HandOver);
    if (!isShared(name)) throw new Error(`There is no call "${name}".`);
    return this.call(name, params);
  }
}
