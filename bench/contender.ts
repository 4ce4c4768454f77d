// One way to the upstream, as a client sees it.
import { Pool } from 'undici';
import type { BenchRequest } from './bodies.ts';

export interface Contender {
  name: string;
  /** Undefined for the direct way, which has no process of its own. */
  pid?: number;
  /** The npm peers are given fewer requests where they are slow. */
  peer: boolean;
  send(request: BenchRequest): Promise<Sample>;
  /** Drops the connections that wait for the next request. */
  closeConnections(): Promise<void>;
  stop(): Promise<void>;
}

export interface Sample {
  /** Milliseconds from the first byte sent to the last received. */
  total: number;
  /** Milliseconds to the first byte of the body. */
  first: number;
}

export interface Way {
  name: string;
  url: string;
  path?: string;
  headers?: Record<string, string>;
  pid?: number;
  peer?: boolean;
  stop?(): Promise<void>;
}

export function contender({ name, url, path, headers, pid, peer, stop }: Way): Contender {
  const openPool = () => new Pool(url, { connections: 256, headersTimeout: 0, bodyTimeout: 0 });
  let pool = openPool();
  return {
    name,
    peer: peer ?? false,
    ...(pid === undefined ? {} : { pid }),
    async send({ body }) {
      const begun = performance.now();
      const answer = await pool.request({
        path: path ?? '/v1/messages',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers },
        body,
      });
      let first = 0;
      let tail = '';
      for await (const chunk of answer.body) {
        if (first === 0) first = performance.now() - begun;
        tail = (chunk as Buffer).subarray(-2000).toString('latin1');
      }
      if (answer.statusCode !== 200)
        throw new Error(`${name} answered ${answer.statusCode}: ${tail.slice(0, 300)}`);
      if (!tail.includes('message_stop') && !tail.includes('"usage"'))
        throw new Error(`${name} answered something else: ${tail.slice(0, 300)}`);
      return { total: performance.now() - begun, first };
    },
    async closeConnections() {
      await pool.close();
      pool = openPool();
    },
    async stop() {
      await pool.destroy();
      await stop?.();
    },
  };
}
