// Plays a fault schedule through the gateway on a clock moved by hand, and holds every step against the rules.

import { UpstreamFailure } from '../../../src/core/failure.ts';
import type { ExchangeRecord } from '../../../src/core/gateway/exchange.ts';
import { Gateway } from '../../../src/core/gateway/gateway.ts';
import type { Transport, UpstreamRequest, UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { frames, jsonAnswer } from '../gateway-harness.ts';
import { ManualClock, settle } from '../manual-clock.ts';
import { textOfPieces } from '../pieces.ts';
import { wholeAnswer } from '../router-harness.ts';
import { seeded, seededRandom } from '../seeded.ts';
import { type FaultKind, faultKinds, judgedBy } from './faults.ts';
import { membersOf, ownOf, type Place, reachOf } from './fleet-map.ts';
import { PlayedClient } from './played-client.ts';
import type { Call, Exchange } from './played-exchange.ts';
import { Rules } from './rules.ts';
import type { Ask, Event, Schedule } from './schedule.ts';

const mostSteps = 20_000;
const minute = 60_000;
/** A missing model is left alone for 12 hours. */
const longestLimit = 13 * 60 * minute;

/** What went against the rules, in words; nothing if all went well. */
export async function play(schedule: Schedule): Promise<string[]> {
  const player = new Player(schedule);
  try {
    await player.run();
  } catch (error) {
    player.wrong.push(String(error instanceof Error ? error.stack : error));
  }
  return player.wrong;
}

class Player {
  readonly wrong: string[] = [];
  readonly #schedule: Schedule;
  readonly #clock = new ManualClock();
  readonly #start = this.#clock.now();
  readonly #rules: Rules;
  readonly #gateway: Gateway;
  readonly #exchanges = new Map<number, Exchange>();
  readonly #records = new Map<string, ExchangeRecord>();
  readonly #homes = new Map<string, string>();
  /** How often each provider's keys were renewed. */
  readonly #renewed = new Map<string, number>();
  readonly #below: (below: number) => number;
  #calls: Call[] = [];
  #open = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
    this.#below = seeded(schedule.seed + 1);
    this.#rules = new Rules(schedule.config.resilience);
    const transport: Transport = { send: (request) => this.#send(request) };
    this.#gateway = new Gateway({
      transport,
      clock: this.#clock,
      random: seededRandom(schedule.seed),
      log: (level, message) => {
        if (level === 'error') this.wrong.push(`logged as our mistake: ${message}`);
      },
      version: '0.0.0',
      readKey: (reference) => this.#valueOf(reference),
      onExchange: (record) => this.#records.set(record.id, record),
      onChange() {},
    });
    this.#gateway.applyConfig(schedule.config);
  }

  async run(): Promise<void> {
    const { asks, events } = this.#schedule;
    for (const ask of asks) this.#clock.after(ask.at, () => this.#ask(ask));
    for (const event of events) this.#clock.after(event.at, () => this.#happens(event));
    await this.#untilStill();
    // Everything that was left alone is back, and nothing is broken any more.
    await this.#clock.advance(longestLimit);
    for (const model of ['outer', 'inner']) {
      const late = { id: 1000 + this.#exchanges.size, at: 0, model, stream: true };
      this.#ask(late);
      await this.#untilStill();
      if (this.wrong.length > 0) return;
      const { client, calls } = this.#exchange(late.id);
      const someKeyWorks = reachOf(this.#schedule.config, model).some((each) => !this.#isRefused(each));
      if (someKeyWorks && (client.status !== 200 || calls.length !== 1))
        this.#blame(late.id, `${client.status} after ${calls.length} calls, when everything is well again`);
    }
    if (JSON.stringify(this.#gateway.view()).includes('"inFlight"'))
      this.wrong.push('calls are still counted');
    if (this.#open !== 0) this.wrong.push(`${this.#open} upstream calls were left open`);
    if (this.#records.size !== this.#exchanges.size)
      this.wrong.push('exchanges and requests differ in number');
    for (const { id, status, attempts } of this.#records.values())
      if (status === undefined || attempts.some(({ outcome }) => outcome === 'running'))
        this.wrong.push(`the record of ${id} is still open`);
  }

  async #untilStill(): Promise<void> {
    await settle();
    for (let step = 0; this.wrong.length === 0; step++) {
      const [next] = this.#clock.waiting;
      if (next === undefined) return;
      if (step > mostSteps) throw new Error(`no end: ${this.#clock.waiting.length} timers still wait`);
      await this.#clock.advance(next);
      this.#compareDeadlines();
    }
  }

  /** No cooldown is shorter, longer or less than the rules say. */
  #compareDeadlines(): void {
    const now = this.#clock.now();
    const kept = this.#gateway.exportHealth() as Record<string, { rest: number; limit: number }>;
    const wanted = this.#rules.deadlines(now);
    for (const name of new Set([...Object.keys(kept), ...wanted.keys()])) {
      if (name === 'balance') continue;
      const { rest = 0, limit = 0 } = kept[name] ?? {};
      const should = wanted.get(name) ?? { rest: 0, limit: 0 };
      const differs = (has: number, wants: number) => Math.abs((has > now ? has : 0) - wants) > 0.01;
      if (differs(rest, should.rest) || differs(limit, should.limit))
        this.wrong.push(
          `${this.#time()} ${name} rests for ${rest - now} and is limited for ${limit - now} ms, ` +
            `by the rules ${should.rest - now} and ${should.limit - now}`,
        );
    }
  }

  #ask(ask: Ask): void {
    const client = new PlayedClient(ask, this.#clock);
    const home = this.#homes.get(`${ask.session} ${ask.model}`);
    this.#exchanges.set(ask.id, { client, calls: [], home, texts: [] });
    if (ask.leavesAfter !== undefined) this.#clock.after(ask.leavesAfter, () => this.#leaves(ask.id));
    void this.#gateway.handle(client.request, client.response).then(() => this.#answered(ask.id));
  }

  #leaves(id: number): void {
    const { client, calls } = this.#exchange(id);
    client.leave();
    if (!client.left) return;
    for (const call of calls) {
      if (call.open) this.#blame(id, 'left, and the upstream still works');
      this.#rules.release(call.place, call.id);
    }
  }

  #happens({ what, provider }: Event): void {
    if (what === 'a new key') {
      this.#renewed.set(provider, (this.#renewed.get(provider) ?? 0) + 1);
      this.#rules.renew(provider);
      // The editor shows it at once; else it is noticed with the next request.
      this.#gateway.view();
    } else if (what === 'the same configuration once more')
      this.#gateway.applyConfig(structuredClone(this.#schedule.config));
    else this.#gateway.importHealth(JSON.parse(JSON.stringify(this.#gateway.exportHealth())));
  }

  #answered(id: number): void {
    const exchange = this.#exchange(id);
    const { client, calls, texts } = exchange;
    const last = calls.at(-1);
    if (last?.done && !last.failure) this.#rules.complete(last.place);
    for (const fault of client.judge(
      texts,
      calls.some(({ begun }) => begun),
    ))
      this.#blame(id, fault);
    if (!client.left && client.status !== 200) this.#checkGivenUp(id, exchange);
  }

  /** It failed for good: was there really nothing else? */
  #checkGivenUp(id: number, { client, calls }: Exchange): void {
    const { config } = this.#schedule;
    const { resilience } = config;
    const now = this.#clock.now();
    const reach = reachOf(config, client.ask.model);
    const final = calls.find(({ failure }) => failure?.final);
    if (final) {
      // Context fallbacks that will soon be back make the client try again.
      const wider = [...config.groups.values()].some(({ contextFallbacks }) => contextFallbacks.length > 0);
      if (client.status !== final.failure?.status && !wider)
        this.#blame(id, `got ${client.status}, where its own mistake is ${final.failure?.status}`);
      return;
    }
    if (calls.length < resilience.maxAttempts) {
      const forgotten = reach.find(
        (each) => !this.#triedBy(calls, each) && !isLimited(each) && this.#isWell(each),
      );
      if (forgotten) this.#blame(id, `got ${client.status} although ${forgotten.id} is well`);
    }
    const told = client.headers['retry-after'];
    if (reach.some(isLimited)) return;
    const usable = reach.filter((each) => !this.#isRefused(each));
    const ends = usable.flatMap((each) => {
      const end = Math.max(this.#rules.limitOf(each), this.#rules.restOf(each));
      return end > now ? [end] : [];
    });
    if (told !== undefined) {
      const wait = Math.min(...ends) - now;
      if (Math.max(1, Math.ceil(wait / 1000)) !== Number(told))
        this.#blame(id, `retry-after ${told}, true is ${wait} ms`);
    } else if (usable.length > 0 && usable.every((each) => this.#isToldLimited(each)))
      this.#blame(id, 'got no retry-after, though every provider told one');
  }

  /** Called with each upstream call, before it counts. */
  #checkCall(id: number, { client, calls, home }: Exchange, place: Place, value: string): void {
    const { config } = this.#schedule;
    const { maxAttempts, retries, maxWait } = config.resilience;
    const now = this.#clock.now();
    const rules = this.#rules;
    const reach = reachOf(config, client.ask.model);
    const blame = (what: string) => this.#blame(id, `asks ${place.id}: ${what}`);
    if (client.left) blame('its client has left');
    if (rules.isRefused(place, value)) blame('its key was refused');
    if (rules.limitOf(place) > now) blame(`limited for another ${rules.limitOf(place) - now} ms`);
    if (rules.isTried(place)) blame('another request is trying it');
    if (calls.length >= maxAttempts) blame('the attempts are used up');
    const before = calls.findLast((call) => call.place.id === place.id);
    const repeats = calls.filter(
      (call, index) => calls.findIndex((each) => each.place.id === call.place.id) < index,
    );
    if (before) {
      if (repeats.length >= retries) blame('the retries are used up');
      if (!before.failure?.repeatable) blame('that failure is not repeated');
      const { leaves } = before.failure ?? {};
      const since = calls.at(-1)?.failedAt ?? now;
      const end = typeof leaves === 'number' ? (before.failedAt ?? now) + leaves * 1000 : since;
      // In line for a key's limits, time passes too.
      if (end - since > maxWait * 1000 && !reach.some(isLimited))
        blame('it told a longer wait than max_wait');
      if (now - since < 499.99) blame('repeated without a wait');
    }
    const inReach = reach.some((each) => each.id === place.id);
    if (!inReach && !calls.some(({ failure }) => failure?.final)) blame('it serves something else');
    if (inReach && !calls.some(({ failure }) => failure?.final) && (before || rules.restOf(place) > now)) {
      const passed = reach.find(
        (each) =>
          each.id !== place.id && !this.#triedBy(calls, each) && !isLimited(each) && this.#isWell(each),
      );
      if (passed) blame(`${passed.id} is well and was passed over`);
    }
    this.#checkKey(place, blame);
    if (calls.length === 0 && now === client.startedAt) this.#checkFirst(client.ask, home, place, blame);
  }

  #checkKey({ key, provider }: Place, blame: (what: string) => void): void {
    const now = this.#clock.now();
    const ofKey = this.#calls.filter((call) => call.place.key === key && call.place.provider === provider);
    const { maxParallel, rpm } = this.#keyOf(provider, key);
    if (maxParallel !== undefined && ofKey.filter(({ open }) => open).length >= maxParallel)
      blame('more than max_parallel at once');
    if (rpm !== undefined && ofKey.filter(({ at }) => at > now - minute).length >= rpm)
      blame('more than rpm in a minute');
  }

  #checkFirst(ask: Ask, home: string | undefined, place: Place, blame: (what: string) => void): void {
    const { config } = this.#schedule;
    const own = ownOf(config, ask.model);
    const free = (each: Place) => !isLimited(each) && this.#isWell(each);
    const homePlace = own.places.find(({ id }) => id === home);
    if (own.bindings && homePlace && free(homePlace)) {
      if (place.id !== home) blame(`the session's home is ${home}`);
    } else if (own.ordered && (ask.session === undefined || !own.sticky)) {
      const first = own.places.findIndex(free);
      const chosen = own.places.findIndex(({ id }) => id === place.id);
      if (first !== -1 && (chosen === -1 || chosen > first))
        blame(`${own.places[first]?.id} comes before it`);
    }
  }

  async #send(request: UpstreamRequest): Promise<UpstreamResponse> {
    const body = JSON.parse(textOfPieces(request.body)) as {
      model: string;
      stream?: boolean;
      messages: { content: string }[];
    };
    const id = Number(/ask (\d+)/.exec(JSON.stringify(body.messages))?.[1]);
    const exchange = this.#exchange(id);
    const provider = new URL(request.url).hostname.replace('.test', '');
    const value = request.headers['x-api-key'] ?? '';
    const key = /(k\d+)\./.exec(value)?.[1] ?? '';
    const places = membersOf(this.#schedule.config, provider, body.model);
    const place = places.find((each) => each.key === key);
    if (!place) throw new Error(`an unknown deployment: ${provider} ${value} ${body.model}`);
    this.#checkCall(id, exchange, place, value);
    const call: Call = {
      id: this.#calls.length,
      place,
      value,
      at: this.#clock.now(),
      open: true,
      begun: false,
      done: false,
    };
    this.#calls.push(call);
    exchange.calls.push(call);
    this.#rules.begin(place, call.id);
    this.#open++;
    request.signal.addEventListener('abort', () => this.#close(call));
    const fault = this.#faultOf(place);
    await this.#wait(this.#below(fault ? 400 : 2_500) + 0.25, request.signal, call);
    const how = fault?.how;
    if (fault && how && 'breaks' in how) {
      this.#fails(call, fault);
      const kind = how.breaks === 'refused' ? 'connect' : 'reset';
      throw broken(kind, 'provider');
    }
    if (fault && how && 'answers' in how) {
      this.#fails(call, fault);
      return jsonAnswer(how.answers, JSON.parse(how.says), how.headers);
    }
    const type =
      (how && 'type' in how ? how.type : undefined) ??
      (body.stream ? 'text/event-stream' : 'application/json');
    const parts = fault
      ? this.#faulty(call, fault, request, exchange)
      : this.#sound(call, request, exchange, id);
    return { status: 200, headers: { 'content-type': type }, body: bytesOf(parts) };
  }

  async *#sound(
    call: Call,
    { signal }: UpstreamRequest,
    exchange: Exchange,
    id: number,
  ): AsyncGenerator<string> {
    const text = `for ask ${id} by ${call.place.id}, call ${call.id}`;
    exchange.texts.push(text);
    const { ask } = exchange.client;
    try {
      if (ask.stream) {
        this.#succeeds(call, exchange);
        yield frames.start(call.place.model) + frames.blockStart + frames.text(text.slice(0, 10));
        for (let piece = this.#below(3); piece >= 0; piece--) {
          await this.#wait(this.#below(4_000) + 0.125, signal, call);
          if (piece > 0) yield frames.ping;
        }
        call.done = true;
        yield frames.text(text.slice(10)) + frames.blockStop + frames.end;
        return;
      }
      await this.#wait(this.#below(3_000) + 0.125, signal, call);
      this.#succeeds(call, exchange);
      call.done = true;
      yield wholeAnswer(text, call.place.model);
    } finally {
      this.#close(call);
    }
  }

  async *#faulty(
    call: Call,
    fault: FaultKind,
    { signal }: UpstreamRequest,
    exchange: Exchange,
  ): AsyncGenerator<string> {
    const { how } = fault;
    if (!('streams' in how)) return;
    try {
      const content = fault.status === 200 && exchange.client.ask.stream;
      if (content) this.#succeeds(call, exchange);
      if (how.ends === 'properly') this.#fails(call, fault);
      if (how.streams !== '') yield how.streams;
      if (how.ends === 'silence') await this.#wait(undefined, signal, call, fault);
      if (how.ends === 'break') {
        // Nobody is blamed for what a client did not wait for.
        if (!exchange.client.left) this.#fails(call, fault);
        throw broken('reset', 'deployment');
      }
    } finally {
      this.#close(call);
    }
  }

  /** Until the time is over, or the router hangs up: then its client has left, or `silence` has lasted too long. */
  #wait(
    milliseconds: number | undefined,
    signal: AbortSignal,
    call: Call,
    silence?: FaultKind,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const hungUp = () => {
        cancel();
        const { client } = this.#ofCall(call);
        if (silence && !client.left) this.#fails(call, silence);
        else if (!client.left) this.#blame(client.ask.id, `hung up on ${call.place.id} for no reason`);
        this.#close(call);
        reject(broken('reset', 'deployment'));
      };
      const cancel =
        milliseconds === undefined
          ? () => {}
          : this.#clock.after(milliseconds, () => {
              signal.removeEventListener('abort', hungUp);
              resolve();
            });
      signal.addEventListener('abort', hungUp);
      if (signal.aborted) hungUp();
    });
  }

  #succeeds(call: Call, { client, home }: Exchange): void {
    call.begun = true;
    this.#rules.succeed(call.place, this.#clock.now());
    const { session, model } = client.ask;
    const name = `${session} ${model}`;
    const own = ownOf(this.#schedule.config, model);
    if (
      session !== undefined &&
      own.places.some(({ id }) => id === call.place.id) &&
      this.#homes.get(name) === home
    )
      this.#homes.set(name, call.place.id);
  }

  /** By the rules of the page, or by the user's own. */
  #fails(call: Call, fault: FaultKind): void {
    const now = this.#clock.now();
    const judged = judgedBy(this.#schedule.config.errorRules, fault);
    Object.assign(call, { failure: judged, failedAt: now });
    // What the old key met says nothing about the new one, unless its answer had begun.
    const ofOldKey = !call.begun && call.value !== this.#valueAt(call.place) && judged.blames !== 'provider';
    if (ofOldKey && judged.leaves !== 'out') this.#rules.release(call.place, call.id);
    else this.#rules.fail(call.place, judged, call.value, call.id, now);
    this.#close(call);
  }

  #close(call: Call): void {
    if (!call.open) return;
    call.open = false;
    this.#open--;
  }

  #faultOf({ provider, key, id }: Place): FaultKind | undefined {
    const at = this.#clock.now() - this.#start;
    const fault = this.#schedule.faults.findLast(
      ({ of, from, to }) => from <= at && at < to && [provider, `${provider}/${key}`, id].includes(of),
    );
    return fault && faultKinds[fault.what];
  }

  #keyOf(provider: string, name: string): { maxParallel?: number; rpm?: number } {
    return this.#schedule.config.providers.get(provider)?.keys.find((each) => each.name === name) ?? {};
  }

  #valueOf(reference: string): string {
    const name = reference.slice('env:'.length);
    return `${name}.${this.#renewed.get(name.slice(0, 2)) ?? 0}`;
  }

  #valueAt({ provider, key }: Place): string {
    return this.#valueOf(`env:${provider}${key}`);
  }

  #isRefused = (place: Place) => this.#rules.isRefused(place, this.#valueAt(place));
  #isWell = (place: Place) => this.#rules.isWell(place, this.#valueAt(place), this.#clock.now());
  /** Somebody else told until when, and nobody guesses. */
  #isToldLimited = (place: Place) => this.#rules.limitOf(place) > this.#clock.now();
  #triedBy = (calls: readonly Call[], { id }: Place) => calls.some(({ place }) => place.id === id);

  #ofCall(call: Call): Exchange {
    for (const exchange of this.#exchanges.values()) if (exchange.calls.includes(call)) return exchange;
    throw new Error('a call of nobody');
  }

  #exchange(id: number): Exchange {
    const exchange = this.#exchanges.get(id);
    if (!exchange) throw new Error(`no ask ${id}`);
    return exchange;
  }

  #time(): string {
    return `at ${((this.#clock.now() - this.#start) / 1000).toFixed(3)} s`;
  }

  #blame(id: number, what: string): void {
    this.wrong.push(`${this.#time()} ask ${id} ${what}`);
  }
}

const isLimited = ({ limited }: Place) => limited;

function broken(kind: 'connect' | 'reset', scope: 'provider' | 'deployment'): UpstreamFailure {
  return new UpstreamFailure({
    kind,
    scope,
    retry: 'next',
    status: 502,
    message: 'broken',
    errorType: 'api_error',
  });
}

async function* bytesOf(parts: AsyncGenerator<string>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield new TextEncoder().encode(part);
}
