// The parent's side of the router's thread: starts it, starts it again when it dies, and makes its calls promises.
import { Worker } from 'node:worker_threads';
import { type Clock, systemClock } from '../core/clock.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import type { Log } from '../core/log.ts';
import { emptyView, type RouterSnapshot } from '../core/snapshot.ts';
import type {
  FromRouter,
  ProxySettings,
  RouterCall,
  RouterCalls,
  RouterOptions,
  ToRouter,
} from './host-link.ts';

export interface RouterThreadOptions {
  /** Path of the thread's program: `dist/worker.js`. */
  workerFile: string;
  router: RouterOptions;
  onSnapshot(snapshot: RouterSnapshot): void;
  onExchange(exchange: ExchangeRecord): void;
  onToken(token: string): void;
  log: Log;
  clock?: Clock;
  /** Megabytes of JavaScript heap. */
  heapLimit?: number;
}

/** Deaths within this many milliseconds count together. */
const crashWindow = 60_000;
const crashLimit = 5;
const restartDelay = 50;
/** The thread gives open answers a moment; then it is ended. */
const stopTimeout = 3000;
/** Milliseconds that a fresh thread gets to take over the port from the one before. */
const takeOverTimeout = 5000;
const defaultHeapLimit = 2048;

/** How `worker.ts` begins the line about an error that ends it. */
const uncaught = 'Uncaught: ';

interface PendingCall {
  worker: Worker;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class RouterThread {
  readonly #options: RouterThreadOptions;
  readonly #clock: Clock;
  readonly #calls = new Map<number, PendingCall>();
  #router: RouterOptions;
  #worker: Worker | undefined;
  /** Threads that have given up the port and let their open answers run to the end. */
  readonly #retired = new Set<Worker>();
  #alone = false;
  #snapshot: RouterSnapshot | undefined;
  #deaths: number[] = [];
  /** What the running thread said of an error that it will not survive. */
  #lastWords: string | undefined;
  #nextCall = 1;
  #stopping = false;
  #cancelRestart = (): void => {};
  #onSettled = (): void => {};
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: RouterThreadOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#router = options.router;
  }

  /** The last state that the router told. */
  get snapshot(): RouterSnapshot | undefined {
    return this.#snapshot;
  }

  start(): void {
    if (!this.#worker) this.#begin(false);
  }

  #begin(takeOver: boolean): void {
    this.#stopping = false;
    const limit = this.#options.heapLimit ?? defaultHeapLimit;
    const worker = new Worker(this.#options.workerFile, {
      name: 'switchyard router',
      resourceLimits: { maxOldGenerationSizeMb: limit },
      // The thread reads the environment that it is handed, not the editor's own arguments.
      argv: [],
      execArgv: [],
    });
    this.#worker = worker;
    this.#lastWords = undefined;
    let reason = '';
    worker.on('message', (message: FromRouter) => this.#receive(worker, message));
    worker.on('error', (error: Error) => {
      reason = describeDeath(error);
    });
    worker.on('exit', (code) => {
      this.#retired.delete(worker);
      this.#forgetCalls(worker);
      if (this.#worker === worker) this.#died(reason || this.#lastWords || `it ended with code ${code}`);
    });
    this.#send({ type: 'start', options: this.#router, ...(takeOver ? { takeOver } : {}) });
    if (this.#alone) this.#send({ type: 'alone', alone: true });
  }

  /** Asks the router; rejects with its sentence, or when the thread ends before it has answered. */
  call<C extends RouterCall>(call: C, params: RouterCalls[C]['params']): Promise<RouterCalls[C]['result']> {
    const worker = this.#worker;
    if (!worker) return Promise.reject(new Error('The router is not running.'));
    const id = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { worker, resolve: resolve as (value: unknown) => void, reject });
      this.#send({ type: 'call', id, call, params });
    });
  }

  /** All provider keys; kept for restarts. */
  setSecrets(values: RouterOptions['secrets']): void {
    this.#router = { ...this.#router, secrets: values };
    this.#send({ type: 'secrets', values });
  }

  /** The editor's proxy settings; kept for restarts. */
  setProxy(settings: ProxySettings): void {
    this.#router = { ...this.#router, proxy: settings };
    this.#send({ type: 'proxy', settings });
  }

  /** Other start options, such as another configuration file; in force from the next start. */
  setOptions(options: Partial<RouterOptions>): void {
    this.#router = { ...this.#router, ...options };
  }

  /** The window's user is gone, or back; kept for restarts. */
  setAlone(alone: boolean): void {
    if (this.#alone === alone) return;
    this.#alone = alone;
    this.#send({ type: 'alone', alone });
  }

  /**
   * Starts a new thread that takes over the port, from this window's thread or another window's, and lets the old one
   * finish its open answers. The port is never free for others in between. Earlier crashes are forgotten. Resolves when
   * the new thread serves or follows, or has said why it can't. Restarts come one by one.
   */
  restart(): Promise<void> {
    this.#restarting = this.#restarting.then(() => (this.#stopping ? undefined : this.#replace()));
    return this.#restarting;
  }

  async #replace(): Promise<void> {
    this.#deaths = [];
    this.#cancelRestart();
    this.#keepPort();
    const old = this.#worker;
    if (old) this.#retired.add(old);
    this.#begin(true);
    await this.#settled();
    if (old && this.#retired.has(old) && !this.#stopping) this.#retire(old);
  }

  /** Resolves when all threads have ended; the port is free at once. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelRestart();
    this.#onSettled();
    const workers = [...this.#retired, ...(this.#worker ? [this.#worker] : [])];
    await Promise.all(workers.map((worker) => this.#end(worker)));
  }

  async #end(worker: Worker): Promise<void> {
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const message: ToRouter = { type: 'stop' };
    worker.postMessage(message);
    const cancel = this.#clock.after(stopTimeout, () => void worker.terminate());
    await ended;
    cancel();
  }

  /** Lets a thread finish, unless it does not even hear that it shall. */
  #retire(worker: Worker): void {
    const message: ToRouter = { type: 'stop', drain: true };
    worker.postMessage(message);
    const cancel = this.#clock.after(stopTimeout, () => void worker.terminate());
    worker.on('message', ({ type }: FromRouter) => type === 'stopping' && cancel());
    worker.once('exit', cancel);
  }

  /** The running thread has told where it stands, or has had time to. */
  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#onSettled = () => {};
        resolve();
      };
      const cancel = this.#clock.after(takeOverTimeout, done);
      this.#onSettled = done;
    });
  }

  #send(message: ToRouter): void {
    this.#worker?.postMessage(message);
  }

  #receive(worker: Worker, message: FromRouter): void {
    switch (message.type) {
      case 'snapshot':
        if (this.#worker !== worker) break;
        this.#snapshot = message.snapshot;
        if (message.snapshot.phase !== 'starting') this.#onSettled();
        this.#options.onSnapshot(message.snapshot);
        break;
      case 'stopping':
        break;
      case 'token':
        if (this.#worker === worker) this.#options.onToken(message.token);
        break;
      case 'exchange':
        this.#options.onExchange(message.exchange);
        break;
      case 'log':
        if (message.message.startsWith(uncaught))
          this.#lastWords = firstLine(message.message.slice(uncaught.length));
        this.#options.log(message.level, message.message);
        break;
      case 'result': {
        const pending = this.#calls.get(message.id);
        this.#calls.delete(message.id);
        if (message.ok) pending?.resolve(message.value);
        else pending?.reject(new Error(message.message));
        break;
      }
    }
  }

  #died(reason: string): void {
    this.#worker = undefined;
    this.#onSettled();
    if (this.#stopping) return;
    const now = this.#clock.elapsed();
    this.#deaths = [...this.#deaths.filter((time) => now - time < crashWindow), now];
    this.#options.log('error', `The router's thread died: ${reason}.`);
    this.#keepPort();
    if (this.#deaths.length > crashLimit) {
      this.#tellDown(`The router died ${this.#deaths.length} times within a minute, last because ${reason}.`);
      return;
    }
    this.#cancelRestart = this.#clock.after(restartDelay, () => this.start());
  }

  #forgetCalls(worker: Worker): void {
    for (const [id, pending] of this.#calls) {
      if (pending.worker !== worker) continue;
      this.#calls.delete(id);
      pending.reject(new Error('The router ended before it answered.'));
    }
  }

  /** An ephemeral port has to be the same after a restart: clients know it. */
  #keepPort(): void {
    const port = this.#snapshot?.phase === 'listening' ? this.#snapshot.port : undefined;
    if (this.#router.port === 0 && port !== undefined) this.#router = { ...this.#router, port };
  }

  /** A dead router can't tell it itself. */
  #tellDown(reason: string): void {
    const { version, configFile } = this.#router;
    const last: RouterSnapshot = this.#snapshot ?? {
      ...emptyView,
      version,
      phase: 'down',
      pid: process.pid,
      config: { file: configFile, state: 'none', problems: [] },
    };
    const snapshot: RouterSnapshot = { ...last, phase: 'down', downReason: reason, health: 'down' };
    this.#snapshot = snapshot;
    this.#options.onSnapshot(snapshot);
  }
}

function describeDeath(error: Error): string {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return 'it ran out of memory';
  return firstLine(error.message);
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/\.$/, '') || 'of an unknown error';
}
