// The router without sockets: takes a client's request, finds the endpoint, serves it, keeps the state.
import { Balancer } from '../balance/balancer.ts';
import { ClientError } from '../client-error.ts';
import { clip } from '../clip.ts';
import { keptHere } from '../config/key-place.ts';
import type { ProviderConfig, RouterConfig } from '../config/router-config.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { EmbeddingHabits } from '../embeddings/habits.ts';
import type { Failure } from '../failure.ts';
import { type Endpoint, isGoogleClient, matchEndpoint } from '../http/endpoints.ts';
import { errorAnswer } from '../http/error-answer.ts';
import { isObject } from '../json/values.ts';
import { type ExplainKey, HealthBook, notSet } from '../resilience/health-book.ts';
import { RemedyBook } from '../resilience/remedy-book.ts';
import { deploymentsOf } from '../routing/candidates.ts';
import { SessionTokens } from '../routing/session-tokens.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import { ClientPace } from './client-pace.ts';
import type { GatewayContext, GatewayServices } from './context.ts';
import type { ExchangeRecord } from './exchange.ts';
import type { Rest } from './finish-exchange.ts';
import { overheadHeader } from './route-headers.ts';
import { routingView } from './routing-view.ts';
import { type Learnt, serveEndpoint } from './serve-endpoint.ts';
import { type GatewayView, viewOf } from './view.ts';

export interface GatewayDeps extends Omit<GatewayServices, 'explainKey'> {
  /** Without it a key that can't be read counts as not set. */
  explainKey?: ExplainKey;
  /** Hides the provider keys that a text holds; without it texts are told as they are. */
  redact?(text: string): string;
  onExchange(record: ExchangeRecord): void;
  /** The view changed: health, exchanges or configuration. */
  onChange(): void;
}

const shownExchanges = 20;

export class Gateway {
  readonly #deps: GatewayDeps;
  readonly #health: HealthBook;
  readonly #remedies = new RemedyBook();
  readonly #balancer: Balancer;
  readonly #tokens = new SessionTokens();
  readonly #pace: ClientPace;
  readonly #learnt: Learnt = { countless: new Set(), embeddings: new EmbeddingHabits() };
  /** Newest first. */
  #exchanges: ExchangeRecord[] = [];
  #config: RouterConfig | undefined;
  #paused = false;
  #cancelWake = () => {};

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    this.#pace = new ClientPace(deps.clock);
    this.#health = new HealthBook(deps.clock, deps.readKey, deps.explainKey, (provider) => {
      const now = this.#config?.providers.get(provider.name);
      return now !== undefined && (now === provider || wayTo(now) === wayTo(provider));
    });
    this.#balancer = new Balancer(deps.clock, deps.random);
  }

  /**
   * Puts a configuration in force; running exchanges go on with theirs. Health, load and the places of sessions are
   * kept where a deployment keeps its name, unless its provider is reached in another way now: that may have been the
   * cause, and another host has other caches.
   */
  applyConfig(config: RouterConfig | undefined): void {
    for (const [name, before] of this.#config?.providers ?? []) {
      const now = config?.providers.get(name);
      if (JSON.stringify(now) !== JSON.stringify(before)) this.#remedies.clear(name);
      if (now && wayTo(now) === wayTo(before)) continue;
      if (now) this.#health.clear(name);
      // One that is gone may come back as another.
      this.#balancer.forget(name);
    }
    if (config) this.#balancer.turns.keep(config.groups);
    this.#config = config;
    this.#learnt.countless.clear();
    this.#deps.onChange();
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.#deps.onChange();
  }

  clearCooldowns(provider?: string): void {
    this.#health.clear(provider);
    this.#remedies.clear(provider);
    this.#deps.onChange();
  }

  /** Books what a test of a configured key brought to light. */
  noteFailedTest(provider: string, key: string, failure: Failure): void {
    const model = this.#config?.providers.get(provider)?.models[0];
    if (!this.#config || !model) return;
    const tested = deploymentsOf(this.#config, provider, model.id).find((each) => each.key.name === key);
    if (tested) this.#health.failure(tested, failure, this.#config.resilience);
    this.#wakeAtRecovery();
    this.#deps.onChange();
  }

  /** Cooldowns with their deadlines, and where sessions stay, as plain data. */
  exportHealth(): unknown {
    return { ...this.#health.export(), balance: this.#balancer.export() };
  }

  importHealth(data: unknown): void {
    this.#health.import(data);
    if (isObject(data)) this.#balancer.import(data.balance);
    this.#wakeAtRecovery();
  }

  view(): GatewayView {
    const exchanges = [...this.#exchanges];
    if (!this.#config)
      return {
        demo: false,
        paused: this.#paused,
        health: 'down',
        healthReason: 'there is no valid configuration',
        routes: [],
        groups: [],
        providers: [],
        exchanges,
      };
    const { readKey } = this.#deps;
    const books = { health: this.#health, remedies: this.#remedies, balancer: this.#balancer };
    return {
      ...viewOf(this.#config, books),
      routing: routingView(this.#config, (reference) => readKey(reference, keptHere) !== undefined),
      paused: this.#paused,
      exchanges,
    };
  }

  /** Serves one request of a client whose token was checked. Never rejects. */
  handle(request: ClientRequest, response: ClientResponse): Promise<void> {
    const endpoint = matchEndpoint(request.method, request.path, isGoogleClient(request));
    const { dialect } = endpoint;
    // Not awaited in one function: it would hold the request for as long as the answer streams.
    return this.#begin(endpoint, request, response).then(
      (rest) => rest && this.#complete(rest, response, dialect),
    );
  }

  async #begin(
    endpoint: Endpoint,
    request: ClientRequest,
    response: ClientResponse,
  ): Promise<Rest | undefined> {
    const { clock } = this.#deps;
    const startedAt = clock.now();
    const learnt = this.#learnt;
    try {
      return await serveEndpoint(endpoint, {
        request,
        response,
        startedAt,
        clock,
        learnt,
        context: () => this.#context(),
        admitted: () => this.#admitted(request),
      });
    } catch (error) {
      const told = this.#told(error);
      const headers = response.headSent ? {} : this.#refusalHeaders(request, told, startedAt);
      answerError(response, endpoint.dialect, told, headers);
      return undefined;
    }
  }

  async #complete(rest: Rest, response: ClientResponse, dialect: DialectId): Promise<void> {
    try {
      await rest();
    } catch (error) {
      answerError(response, dialect, this.#told(error), {});
    }
  }

  /** What the client is told; the log hears of mistakes of ours. */
  #told(error: unknown): ClientError {
    const told = clientErrorOf(error);
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (told !== error && told.status === 500) this.#deps.log('error', `unexpected: ${trace}`);
    return told;
  }

  /** What was refused before it became an exchange has an id all the same, under which the log tells of it. */
  #refusalHeaders(request: ClientRequest, error: ClientError, startedAt: number): Record<string, string> {
    if ('x-switchyard-exchange' in error.headers) return {};
    const id = this.#deps.random.id('x');
    const what = `${request.method} ${clip(request.path)}`;
    this.#deps.log('warn', `${id} refused ${what}: ${error.status} ${clip(error.message, 1000)}`);
    return { 'x-switchyard-exchange': id, ...overheadHeader(this.#deps.clock.now() - startedAt) };
  }

  /** @throws ClientError (429) for a client that asks too often */
  #admitted({ clientName }: ClientRequest): GatewayContext {
    const context = this.#context();
    const client = context.config.clients.find(({ name }) => name === clientName);
    if (client) this.#pace.admit(client);
    return context;
  }

  #context(): GatewayContext {
    const config = this.#configInForce();
    const { transport, clock, random, log, version, readKey, explainKey, redact } = this.#deps;
    return {
      config,
      transport,
      clock,
      random,
      log,
      version,
      readKey,
      explainKey: explainKey ?? notSet,
      health: this.#health,
      remedies: this.#remedies,
      tokens: this.#tokens,
      dispatch: (input) =>
        this.#balancer.dispatch({
          ...input,
          isHealthy: (deployment) => this.#health.of(deployment).state === 'ok',
        }),
      redact: redact ?? ((text) => text),
      onExchange: (record) => this.#keep(record),
      onHealth: () => {
        this.#wakeAtRecovery();
        this.#deps.onChange();
      },
    };
  }

  #configInForce(): RouterConfig {
    const stay = { 'x-should-retry': 'false' };
    if (this.#paused)
      throw new ClientError(503, 'api_error', 'Switchyard is paused: run "Switchyard: Resume Router".', stay);
    if (!this.#config)
      throw new ClientError(
        503,
        'api_error',
        'Switchyard has no valid configuration: its log and the Problems panel say what to mend.',
        stay,
      );
    return this.#config;
  }

  #keep(record: ExchangeRecord): void {
    if (!this.#exchanges.includes(record))
      this.#exchanges = [record, ...this.#exchanges].slice(0, shownExchanges);
    this.#deps.onExchange(record);
    this.#deps.onChange();
  }

  /** The view changes by itself when a cooldown ends. */
  #wakeAtRecovery(): void {
    this.#cancelWake();
    const next = this.#health.nextRecovery();
    if (next === undefined) return;
    this.#cancelWake = this.#deps.clock.after(Math.max(0, next - this.#deps.clock.now()), () => {
      this.#deps.onChange();
      this.#wakeAtRecovery();
    });
  }
}

/** Everything that decides where and how a provider is called. */
function wayTo({ dialect, baseUrl, headers, proxy, quirks }: ProviderConfig): string {
  return JSON.stringify([dialect, baseUrl, headers, proxy, quirks]);
}

/** Too late for an answer of its own when one has begun: then that just ends. */
function answerError(
  response: ClientResponse,
  dialect: DialectId,
  error: ClientError,
  headers: Record<string, string>,
): void {
  if (response.headSent) {
    response.end();
    return;
  }
  const answer = errorAnswer(dialect, error);
  response.writeHead(answer.status, { ...headers, ...answer.headers });
  response.end(answer.body);
}

function clientErrorOf(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  // Conversion and validation follow the tree downwards; parsing does not, so that such a body comes this far.
  if (error instanceof RangeError && error.message.includes('call stack'))
    return new ClientError(400, 'invalid_request_error', 'The request is nested too deeply.');
  return new ClientError(500, 'api_error', 'Switchyard made a mistake; its log says which.');
}
