// What answers requests once they are through the listener: configuration, gateway and transports put together.
// Loaded after the port is bound, because it takes longer than that.
import type { Clock, Random } from '../core/clock.ts';
import { formatProblem } from '../core/config/problem.ts';
import type { KeyReference, ProviderConfig, RouterConfig } from '../core/config/router-config.ts';
import { createDemoTransport } from '../core/demo/demo-transport.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import { Gateway } from '../core/gateway/gateway.ts';
import type { Transport } from '../core/gateway/transport.ts';
import type { Log } from '../core/log.ts';
import type { Redactor } from '../core/redact.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { ClientTokens } from './client-tokens.ts';
import { type ConfigState, ConfigStore } from './config/config-store.ts';
import { explainKey, type HeldKey, heldKeys } from './held-keys.ts';
import type { ProxySettings, RouterOptions } from './host-link.ts';
import { redactErrors } from './redacted-errors.ts';
import type { SecretBox } from './secret-box.ts';
import { joinTransports } from './transports.ts';
import { NetworkTransport } from './upstream.ts';

export interface EngineOptions {
  options: RouterOptions;
  clock: Clock;
  random: Random;
  log: Log;
  redactor: Redactor;
  secrets: SecretBox;
  /** Keys that the configuration's own files hold; told before it is in force. */
  onFileKeys(values: ReadonlyMap<KeyReference, string>): void;
  onExchange(record: ExchangeRecord): void;
  onChange(): void;
  /** A configuration was read; the gateway has it already. */
  onConfig(): void;
}

export class Engine {
  readonly gateway: Gateway;
  readonly transport: Transport;
  readonly #network: NetworkTransport;
  readonly #store: ConfigStore;
  readonly #options: EngineOptions;
  readonly #clients: ClientTokens;
  #held: HeldKey[] = [];
  #told = '';

  constructor(options: EngineOptions) {
    const { clock, random, log, redactor, secrets, onExchange, onChange } = options;
    const { env, home, configFile, proxy, version } = options.options;
    this.#options = options;
    this.#clients = new ClientTokens((reference) => secrets.read(reference));
    this.#network = new NetworkTransport({ env, log, ...(proxy ? { proxy } : {}) });
    this.transport = joinTransports(redactErrors(this.#network, redactor), createDemoTransport(clock));
    this.gateway = new Gateway({
      transport: this.transport,
      clock,
      random,
      log,
      version,
      readKey: (reference, baseUrl) => secrets.readFor(reference, baseUrl),
      explainKey: (reference, baseUrl) => explainKey(secrets, reference, baseUrl),
      redact: (text) => redactor.data(text),
      onExchange,
      onChange,
    });
    this.#store = new ConfigStore({ file: configFile, home, env, log });
  }

  /** Reads the configuration and follows its changes from now on. */
  async open(): Promise<void> {
    this.#apply(await this.#store.load());
    this.#store.watch((state) => this.#apply(state));
  }

  /** Reads the configuration again now. */
  async reload(): Promise<void> {
    this.#apply(await this.#store.load());
  }

  /** The port that the configuration asks for. */
  get wantedPort(): number | undefined {
    return this.#store.current.config?.server.port;
  }

  provider(name: string): ProviderConfig | undefined {
    return this.#store.current.config?.providers.get(name);
  }

  /** The name of the configured client that one of the credentials belongs to. */
  clientOf(credentials: readonly string[]): string | undefined {
    return this.#clients.find(credentials, this.#store.current.config?.clients ?? []);
  }

  configView(): RouterSnapshot['config'] {
    const { state, problems } = this.#store.current;
    const file = this.#options.options.configFile;
    const held = this.#held;
    if (held.length === 0) return { file, state, problems };
    const places = held.map(({ reference, place, entered }) => ({ reference, place, entered: [...entered] }));
    return { file, state, problems: [...problems, ...held.map(({ problem }) => problem)], heldKeys: places };
  }

  /** Looks again which keys are held back. */
  secretsChanged(): void {
    const { config, root } = this.#store.current;
    const held = config && root ? heldKeys(config, root, this.#options.secrets) : [];
    for (const { problem } of held)
      if (!this.#held.some((known) => known.problem.message === problem.message))
        this.#options.log('warn', formatProblem(problem));
    this.#held = held;
  }

  setProxy(settings: ProxySettings): void {
    this.#network.setProxy(settings);
  }

  /** Stops watching and cuts every upstream connection. */
  async close(): Promise<void> {
    this.#store.close();
    await this.#network.close();
  }

  #apply({ config, state, problems, fileKeys }: ConfigState): void {
    this.#options.onFileKeys(fileKeys);
    this.#options.redactor.setSecrets('configuration', config ? secretsIn(config) : []);
    this.secretsChanged();
    this.gateway.applyConfig(config);
    const lines = problems.map(formatProblem);
    const lockedOut = this.#clients.missing(config?.clients ?? []).map(({ name }) => name);
    const summary = [state, ...lines, ...lockedOut].join('\n');
    if (summary !== this.#told) {
      this.#told = summary;
      this.#options.log(state === 'ok' || state === 'none' ? 'info' : 'warn', configSentence[state]);
      problems.forEach((problem, index) => {
        this.#options.log(problem.severity === 'error' ? 'error' : 'warn', lines[index] ?? '');
      });
      for (const name of lockedOut)
        this.#options.log('warn', `The client "${name}" is not let in yet: its token is missing.`);
    }
    this.#options.onConfig();
  }
}

/** Credentials that stand in a configuration beside its keys: in headers, and in the proxies' URLs. */
function secretsIn(config: RouterConfig): string[] {
  return [...config.providers.values()].flatMap(({ headers, proxy }) => {
    const values = Object.entries(headers).filter(
      ([name, value]) => /auth|key|token|secret|cookie|password/i.test(name) || looksRandom(name, value),
    );
    const login = /:\/\/([^/@]*)@/.exec(proxy ?? '')?.[1]?.split(':') ?? [];
    return [...values.map(([, value]) => value.replace(/^(?:bearer|basic)\s+/i, '')), ...login];
  });
}

/** Headers of any name may hold a credential; names, addresses and versions are left readable. */
function looksRandom(name: string, value: string): boolean {
  if (/^(?:user-agent|accept|.*referer|anthropic-.*|.*version)$/i.test(name)) return false;
  return /^[^\s:/]{12,}$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);
}

const configSentence: Record<ConfigState['state'], string> = {
  ok: 'The configuration is in force.',
  none: 'There is no configuration file yet; the built-in demo answers.',
  'last-good': 'The configuration has errors; the last good one stays in force.',
  broken:
    'The configuration has errors and there is no earlier one; requests are refused until it is mended.',
};
