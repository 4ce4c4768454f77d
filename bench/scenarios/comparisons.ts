// What is compared in turns: whole answers to requests of several sizes, and streams.
import { type BenchRequest, conversation, question } from '../bodies.ts';
import type { TurnOptions } from './in-turns.ts';

export interface Comparison extends TurnOptions {
  id: string;
  title: string;
}

let session = 0;
const fresh = (make: (session: number) => BenchRequest) => () => make(++session);
const kilobyte = 1024;

/** `share`: of the full number of requests, for a quick look. */
export function comparisons(share: number): Comparison[] {
  const rounds = (full: number) => Math.max(2, Math.round(full * share));
  const size = (id: string, title: string, bytes: number, each: number, peers: number): Comparison => ({
    id,
    title,
    warmUp: 5,
    rounds: rounds(30),
    requests: each,
    peerRequests: peers,
    parallel: 1,
    request: fresh((number) => conversation(bytes, number)),
  });
  return [
    {
      id: 'small',
      title: 'A plain question, one after the other',
      warmUp: 10,
      rounds: rounds(20),
      requests: 100,
      peerRequests: 40,
      parallel: 1,
      request: fresh((number) => question(number, false)),
    },
    {
      id: 'small-parallel',
      title: 'A plain question, 16 side by side',
      warmUp: 5,
      rounds: rounds(20),
      requests: 100,
      peerRequests: 64,
      parallel: 16,
      request: fresh((number) => question(number, false)),
    },
    {
      id: 'stream',
      title: 'A stream of 64 pieces, one after the other',
      warmUp: 2,
      rounds: rounds(5),
      requests: 8,
      peerRequests: 4,
      parallel: 1,
      request: fresh((number) => question(number, true)),
    },
    {
      id: 'stream-parallel',
      title: 'Streams of 64 pieces, 8 side by side',
      warmUp: 5,
      rounds: rounds(15),
      requests: 40,
      peerRequests: 16,
      parallel: 8,
      request: fresh((number) => question(number, true)),
    },
    size('256k', 'A conversation of 256 kB that is new to the router', 256 * kilobyte, 20, 2),
    size('1m', 'A conversation of 1 MB that is new to the router', 1024 * kilobyte, 20, 1),
    size('4m', 'A conversation of 4 MB that is new to the router', 4096 * kilobyte, 6, 1),
  ];
}
