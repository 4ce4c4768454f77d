// What every endpoint of the gateway works with.
import type { Dispatch, DispatchInput } from '../balance/dispatch.ts';
import type { Clock, Random } from '../clock.ts';
import type { RouterConfig } from '../config/router-config.ts';
import type { Log } from '../log.ts';
import type { ExplainKey, HealthBook, ReadKey } from '../resilience/health-book.ts';
import type { RemedyBook } from '../resilience/remedy-book.ts';
import type { SessionTokens } from '../routing/session-tokens.ts';
import type { ExchangeRecord } from './exchange.ts';
import type { Transport } from './transport.ts';

/** What the gateway is given once and hands on. */
export interface GatewayServices {
  transport: Transport;
  clock: Clock;
  random: Random;
  log: Log;
  version: string;
  readKey: ReadKey;
  explainKey: ExplainKey;
}

export type Dispatcher = (input: Omit<DispatchInput, 'isHealthy'>) => Dispatch;

export interface GatewayContext extends GatewayServices {
  config: RouterConfig;
  health: HealthBook;
  remedies: RemedyBook;
  tokens: SessionTokens;
  /** Puts a target's deployments in order for one exchange and gives access to their limits. */
  dispatch: Dispatcher;
  /** Hides the provider keys that a text holds. */
  redact(text: string): string;
  /** An exchange began, changed or ended. */
  onExchange(record: ExchangeRecord): void;
  /** The health of a deployment may have changed. */
  onHealth(): void;
}
