// The record of one client request with all its attempts. It holds no content: only names, numbers and reasons.

import type { RouteName } from '../config/route-names.ts';
import type { DialectId } from '../dialects/dialect.ts';
import type { FailureKind } from '../failure.ts';
import type { TokenUsage } from '../tokens/usage.ts';

export interface AttemptRecord {
  provider: string;
  model: string;
  key: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Milliseconds; undefined while it runs. */
  duration?: number;
  outcome: 'running' | 'success' | FailureKind;
  status?: number;
  /** One sentence. */
  error?: string;
  /** What was changed after the upstream had refused the request, in words. */
  mended?: string[];
}

export interface ExchangeRecord {
  id: string;
  startedAt: number;
  client: DialectId;
  /** Which of the configured clients asked; undefined for the main token. */
  clientName?: string;
  /** The profile that was in force. */
  profile?: string;
  requestedModel: string;
  stream: boolean;
  session?: string;
  agent?: string;
  route: RouteName | 'explicit' | 'rule';
  /** Why this route, in words. */
  reason: string;
  /** The group or `provider/model` that the route led to. */
  target: string;
  attempts: AttemptRecord[];
  /** Undefined while it runs. */
  status?: number;
  duration?: number;
  /** Milliseconds until the first content left for the client. */
  ttft?: number;
  usage?: TokenUsage;
}
