// The router without sockets: takes a client's request, finds the endpoint, serves it, keeps the state.
import { Balancer } from '../balance/balancer.ts';
import { ClientError } from '../client-error.ts';
import { clip } from '../clip.ts';
import type { ProviderConfig, RouterConfig } from '../config/router-config.ts';
import type { Failure } from '../failure.ts';
import { type Endpoint, matchEndpoint } from '../http/endpoints.ts';
import { errorAnswer } from '../http/error-answer.ts';
import { isObject } from '../json/values.ts';
import { HealthBook } from '../resilience/health-book.ts';
import { RemedyBook } from '../resilience/remedy-book.ts';
import { deploymentsOf } from '../routing/candidates.ts';
import { SessionTokens } from '../routing/session-tokens.ts';
import type { ClientRequest, ClientResponse } from './client.ts';
import { ClientPace } from './client-pace.ts';
import type { GatewayContext, GatewayServices } from './context.ts';
import { type CountlessProviders, serveCountTokens } from './count-tokens.ts';
import type { ExchangeRecord } from './exchange.ts';
import { serveMessages } from './messages.ts';
import { findModel, modelList } from './models.ts';
import { readRequest } from './read-request.ts';
import { routingView } from './routing-view.ts';
import { type GatewayView, viewOf } from './view.ts';

export interface GatewayDeps extends GatewayServices {
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
  readonly #countless: CountlessProviders = new Set();
  /** Newest first. */
  #exchanges: ExchangeRecord[] = [];
  #config: RouterConfig | undefined;
  #paused = false;
  #cancelWake = () => {};

  constructor(deps: GatewayDeps) {
    this.#deps = deps;
    this.#pace = new ClientPace(deps.clock);
    this.#health = new HealthBook(deps.clock, deps.readKey);
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
      if (!now || wayTo(now) === wayTo(before)) continue;
      this.#health.clear(name);
      this.#balancer.forget(name);
    }
    if (config) this.#balancer.turns.keep(config.groups);
    this.#config = config;
    this.#countless.clear();
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
    const books = { health: this.#health, remedies: this.#remedies, balancer: this.#balancer };
    return {
      ...viewOf(this.#config, books),
      routing: routingView(this.#config, this.#deps.readKey),
      paused: this.#paused,
      exchanges,
    };
  }

  /** Serves one request of a client whose token was checked. Never rejects. */
  async handle(request: ClientRequest, response: ClientResponse): Promise<void> {
    const endpoint = matchEndpoint(request.method, request.path);
    try {
      await this.#serve(endpoint, request, response);
    } catch (error) {
      const told = clientErrorOf(error);
      if (told !== error && told.status === 500)
        this.#deps.log(
          'error',
          `unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      if (response.headSent) {
        response.end();
        return;
      }
      const answer = errorAnswer(endpoint.dialect, told);
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    }
  }

  async #serve(endpoint: Endpoint, request: ClientRequest, response: ClientResponse): Promise<void> {
    switch (endpoint.kind) {
      case 'root':
      case 'hello':
        return answerText(request, response, 'Switchyard is running.\n');
      case 'health':
        return answerJson(request, response, { status: 'ok', name: 'switchyard' });
      case 'unknown':
        throw new ClientError(
          404,
          'not_found_error',
          `There is no ${request.method} ${clip(request.path)} here.`,
        );
      case 'wrong-method':
        throw new ClientError(
          405,
          'invalid_request_error',
          `${clip(request.path)} takes ${endpoint.allow}, not ${request.method}.`,
          { allow: endpoint.allow },
        );
      case 'models':
        return answerJson(request, response, modelList(this.#configInForce()));
      case 'model': {
        const model = findModel(this.#configInForce(), endpoint.model);
        if (!model)
          throw new ClientError(404, 'not_found_error', `There is no model "${clip(endpoint.model)}" here.`);
        return answerJson(request, response, model);
      }
      case 'messages':
        return this.#exchange(request, response, endpoint);
      case 'gemini-verb':
        if (endpoint.verb !== 'countTokens') return this.#exchange(request, response, endpoint);
        return this.#count(request, response, endpoint);
      case 'count-tokens':
        return this.#count(request, response, endpoint);
    }
  }

  #count(request: ClientRequest, response: ClientResponse, endpoint: Endpoint): Promise<void> {
    const { client, hub } = readRequest(endpoint, request);
    return serveCountTokens({
      context: this.#context(),
      client,
      request,
      response,
      hub,
      countless: this.#countless,
    });
  }

  async #exchange(request: ClientRequest, response: ClientResponse, endpoint: Endpoint): Promise<void> {
    const startedAt = this.#deps.clock.now();
    const context = this.#context();
    this.#admit(context.config, request.clientName);
    await serveMessages({ context, request, response, startedAt, ...readRequest(endpoint, request) });
  }

  /** @throws ClientError (429) for a client that asks too often */
  #admit(config: RouterConfig, clientName: string | undefined): void {
    const client = config.clients.find(({ name }) => name === clientName);
    if (!client) return;
    try {
      this.#pace.admit(client);
    } catch (error) {
      if (error instanceof ClientError)
        this.#deps.log('warn', `refused with ${error.status}: ${error.message}`);
      throw error;
    }
  }

  #context(): GatewayContext {
    const config = this.#configInForce();
    const { transport, clock, random, log, version, readKey, redact } = this.#deps;
    return {
      config,
      transport,
      clock,
      random,
      log,
      version,
      readKey,
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

function clientErrorOf(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  // Conversion and validation follow the tree downwards; parsing does not, so that such a body comes this far.
  if (error instanceof RangeError && error.message.includes('call stack'))
    return new ClientError(400, 'invalid_request_error', 'The request is nested too deeply.');
  return new ClientError(500, 'api_error', 'Switchyard made a mistake; its log says which.');
}

function answerJson(request: ClientRequest, response: ClientResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(value));
}

function answerText(request: ClientRequest, response: ClientResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(request.method === 'HEAD' ? undefined : text);
}
