// The other end of the control API: how a window finds out who holds the port, follows it, and passes on calls.
import { Agent, type AgentOptions, type ClientRequestArgs, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import type { ExchangeRecord } from '../core/gateway/exchange.ts';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { SseSplitter } from '../core/sse/splitter.ts';
import { type Hello, isProof, newNonce } from './control-proof.ts';
import { controlPrefix } from './listener.ts';

/** Milliseconds for a hello; a loopback router answers in one. */
const helloTimeout = 2000;
/** A test of a provider may take a minute. */
const callTimeout = 90_000;

/** The leader gives a sign of life every two seconds; after so many milliseconds without one it counts as hanging. */
const silenceLimit = 5000;
/** And so long, so that what came while we ourselves stood still is read first. */
const secondLook = 500;

/** Who answers on a port: our router, a Switchyard with another home folder, anything else, or nobody in time. */
export type Holder =
  | { kind: 'ours'; pid: number; version: string }
  | { kind: 'stranger'; product?: string; pid?: number }
  | { kind: 'silent' };

export interface LeaderEvents {
  snapshot(snapshot: RouterSnapshot): void;
  exchange(exchange: ExchangeRecord): void;
  /** The leader gives no sign of life, or does again. */
  silent(silent: boolean): void;
  /** Once, when the stream has ended for whatever reason. */
  end(): void;
}

/** Asks who holds the port. Never rejects. */
export async function identify(port: number, secret: string): Promise<Holder> {
  const line = new LeaderLine(port);
  try {
    return await line.hello(secret);
  } catch (error) {
    return { kind: error instanceof Silence ? 'silent' : 'stranger' };
  } finally {
    line.close();
  }
}

/** Follows the leader on `port`; rejects when there is none that can prove itself. The result ends the stream. */
export async function follow(
  port: number,
  secret: string,
  events: LeaderEvents,
  clock: Clock,
): Promise<() => void> {
  const line = new LeaderLine(port);
  try {
    await line.verify(secret);
    const answer = await line.send('GET', 'events', secret);
    if (answer.statusCode !== 200) throw new Error(`The leader answered ${answer.statusCode}.`);
    const splitter = new SseSplitter();
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      life.stop();
      line.close();
      events.end();
    };
    const life = watchLife(clock, events.silent);
    answer.on('data', (chunk: Uint8Array) => {
      life.seen();
      for (const { event, data } of splitter.push(chunk)) {
        if (event === 'snapshot') events.snapshot(JSON.parse(data) as RouterSnapshot);
        else if (event === 'exchange') events.exchange(JSON.parse(data) as ExchangeRecord);
      }
    });
    answer.once('end', end).once('close', end).once('error', end);
    return end;
  } catch (error) {
    line.close();
    throw error;
  }
}

/** Tells when no sign of life has come for too long, and when there is one again. */
function watchLife(clock: Clock, tell: (silent: boolean) => void): { seen(): void; stop(): void } {
  let silent = false;
  let last = clock.elapsed();
  let cancel = (): void => {};
  const look = (wait: number, then: () => void): void => {
    cancel = clock.after(wait, () => {
      const left = last + silenceLimit - clock.elapsed();
      if (left > 0) look(left, doubt);
      else then();
    });
  };
  const doubt = (): void => look(secondLook, alarm);
  const alarm = (): void => {
    silent = true;
    tell(true);
  };
  look(silenceLimit, doubt);
  return {
    seen() {
      last = clock.elapsed();
      if (!silent) return;
      silent = false;
      tell(false);
      look(silenceLimit, doubt);
    },
    stop: () => cancel(),
  };
}

/** What the leader shows of itself; rejects when there is none that can prove itself. */
export async function readLeader(port: number, secret: string): Promise<RouterSnapshot> {
  const line = new LeaderLine(port);
  try {
    await line.verify(secret);
    const answer = await line.send('GET', 'state', secret, undefined, callTimeout);
    if (answer.statusCode !== 200) throw new Error(`The leader answered ${answer.statusCode}.`);
    return JSON.parse(await text(answer)) as RouterSnapshot;
  } finally {
    line.close();
  }
}

/** Has the leader do something. Rejects with its sentence when it could not, or after `timeout` milliseconds. */
export async function callLeader(
  port: number,
  secret: string,
  call: string,
  params: unknown,
  timeout = callTimeout,
): Promise<unknown> {
  const line = new LeaderLine(port);
  try {
    await line.verify(secret);
    const answer = await line.send('POST', 'call', secret, JSON.stringify({ call, params }), timeout);
    const result = JSON.parse(await text(answer)) as { ok?: boolean; value?: unknown; message?: string };
    if (result.ok !== true) throw new Error(result.message ?? `The leader answered ${answer.statusCode}.`);
    return result.value;
  } finally {
    line.close();
  }
}

/**
 * One connection, proven and then used. Secrets go out on the very socket that gave the proof: were the leader to
 * die in between and another program to take the port, the send fails instead of reaching it.
 */
class LeaderLine {
  readonly #port: number;
  readonly #agent = new OneSocketAgent({ keepAlive: true, maxSockets: 1 });

  constructor(port: number) {
    this.#port = port;
  }

  async hello(secret: string): Promise<Holder> {
    const nonce = newNonce();
    const answer = await this.send('GET', `hello?nonce=${nonce}`, undefined, undefined, helloTimeout);
    const hello = JSON.parse(await text(answer)) as Partial<Hello>;
    if (isProof(hello.proof, secret, this.#port, nonce) && typeof hello.pid === 'number')
      return { kind: 'ours', pid: hello.pid, version: hello.version ?? '' };
    const known = hello.product === 'switchyard' && typeof hello.pid === 'number';
    return known ? { kind: 'stranger', product: 'Switchyard', pid: hello.pid ?? 0 } : { kind: 'stranger' };
  }

  async verify(secret: string): Promise<void> {
    const holder = await this.hello(secret);
    if (holder.kind !== 'ours') throw new Error('What holds the port is not the router of this user.');
  }

  send(
    method: string,
    path: string,
    secret?: string,
    body?: string,
    timeout?: number,
  ): Promise<IncomingMessage> {
    const headers: Record<string, string> = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
    if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
    return new Promise((resolve, reject) => {
      const call = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: this.#port,
          method,
          path: controlPrefix + path,
          headers,
          ...(timeout === undefined ? {} : { timeout }),
        },
        resolve,
      );
      call.once('error', reject);
      call.once('timeout', () => call.destroy(new Silence('The leader did not answer in time.')));
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

class Silence extends Error {}

class OneSocketAgent extends Agent {
  #made = false;

  constructor(options: AgentOptions) {
    super(options);
  }

  override createConnection(
    options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    if (this.#made) throw new Error('The proven connection to the leader was lost.');
    this.#made = true;
    return super.createConnection(options, callback);
  }
}

const answerLimit = 4 * 1024 * 1024;

async function text(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > answerLimit) throw new Error('The answer is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
