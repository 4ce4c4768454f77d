// What is known of an exchange that is played: its client, and the calls that upstreams saw for it.
import type { FaultKind } from './faults.ts';
import type { Place } from './fleet-map.ts';
import type { PlayedClient } from './played-client.ts';

export interface Call {
  id: number;
  place: Place;
  /** The key's value. */
  value: string;
  at: number;
  open: boolean;
  /** Content was sent. */
  begun: boolean;
  /** Everything was sent. */
  done: boolean;
  failure?: FaultKind;
  failedAt?: number;
}

export interface Exchange {
  client: PlayedClient;
  calls: Call[];
  /** Where its session was when it came. */
  home: string | undefined;
  /** The text of each answer that an upstream finished. */
  texts: string[];
}
