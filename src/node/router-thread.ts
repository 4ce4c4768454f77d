// The parent's side of the router's thread: starts it, starts it again when it dies, and makes its calls promises.
import { Worker } from 'node:worker_threads';
import { type Clock, systemClock } from '../core/clock.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import type { Log } from '../core/log.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
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
const defaultHeapLimit = 2048;

/** How `worker.ts` begins the line about an error that ends it. */
const uncaught = 'Uncaught: ';

interface PendingCall {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class RouterThread {
  readonly #options: RouterThreadOptions;
  readonly #clock: Clock;
  readonly #calls = new Map<number, PendingCall>();
  #router: RouterOptions;
  #worker: Worker | undefined;
  #snapshot: RouterSnapshot | undefined;
  #deaths: number[] = [];
  /** What the running thread said of an error that it will not survive. */
  #lastWords: string | undefined;
  #nextCall = 1;
  #stopping = false;
  #cancelRestart = (): void => {};

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
    if (this.#worker) return;
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
    worker.on('message', (message: FromRouter) => this.#receive(message));
    worker.on('error', (error: Error) => {
      reason = describeDeath(error);
    });
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#died(reason || this.#lastWords || `it ended with code ${code}`);
    });
    this.#send({ type: 'start', options: this.#router });
  }

  /** Asks the router; rejects with its sentence, or when the thread ends before it has answered. */
  call<C extends RouterCall>(call: C, params: RouterCalls[C]['params']): Promise<RouterCalls[C]['result']> {
    if (!this.#worker) return Promise.reject(new Error('The router is not running.'));
    const id = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#calls.set(id, { resolve: resolve as (value: unknown) => void, reject });
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

  /** Stops the thread and starts a new one; earlier crashes are forgotten. */
  async restart(): Promise<void> {
    await this.stop();
    this.#deaths = [];
    this.start();
  }

  /** Resolves when the thread has ended; the port is free at once. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#cancelRestart();
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#send({ type: 'stop' });
    const cancel = this.#clock.after(stopTimeout, () => void worker.terminate());
    await ended;
    cancel();
  }

  #send(message: ToRouter): void {
    this.#worker?.postMessage(message);
  }

  #receive(message: FromRouter): void {
    switch (message.type) {
      case 'snapshot':
        this.#snapshot = message.snapshot;
        this.#options.onSnapshot(message.snapshot);
        break;
      case 'token':
        this.#options.onToken(message.token);
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
    for (const pending of this.#calls.values())
      pending.reject(new Error('The router ended before it answered.'));
    this.#calls.clear();
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

  /** An ephemeral port has to be the same after a restart: clients know it. */
  #keepPort(): void {
    const port = this.#snapshot?.phase === 'listening' ? this.#snapshot.port : undefined;
    if (this.#router.port === 0 && port !== undefined) this.#router = { ...this.#router, port };
  }

  /** A dead router can't tell it itself. */
  #tellDown(reason: string): void {
    const { version, configFile } = this.#router;
    const last: RouterSnapshot = this.#snapshot ?? {
      version,
      phase: 'down',
      pid: process.pid,
      paused: false,
      config: { file: configFile, state: 'none', problems: [] },
      demo: false,
      health: 'down',
      routes: [],
      groups: [],
      providers: [],
      exchanges: [],
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
