// Tries deployments until one commits. Each untried healthy one gets an attempt at once, unless its key is at a limit;
// only when none is left are tried ones repeated after a wait, or cooling ones and free slots waited for.
import type { Admission } from '../balance/admission.ts';
import type { Lease } from '../balance/load-book.ts';
import type { Slot } from '../balance/slot-queue.ts';
import { clip } from '../clip.ts';
import type { Clock, Random } from '../clock.ts';
import type { Resilience } from '../config/router-config.ts';
import { type Failure, type FailureKind, isUpstreamFailure } from '../failure.ts';
import { canceledFailure, limitFailure, resetFailure } from '../resilience/classify.ts';
import type { HealthBook, Trial } from '../resilience/health-book.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { Committed } from './attempt-input.ts';
import type { AttemptRecord } from './exchange.ts';

export interface LoopInput {
  candidates: readonly Deployment[];
  resilience: Resilience;
  health: HealthBook;
  /** Lets calls begin within the limits of their keys. */
  admission: Admission;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** Runs one attempt; throws `UpstreamFailure`. The loop ends the lease. */
  attempt(deployment: Deployment, record: AttemptRecord, lease: Lease): Promise<Committed>;
  /** Every key that could serve is at a limit: the exchange waits for a slot. */
  onWait(): void;
  onAttempt(record: AttemptRecord): void;
  onAttemptEnd(record: AttemptRecord): void;
}

export type LoopResult =
  /**
   * `lease`: of the call that is still under way; end it when the answer ends. `begun`: when it began, by the clock's
   * `elapsed`.
   */
  | {
      ok: true;
      committed: Committed;
      deployment: Deployment;
      record: AttemptRecord;
      begun: number;
      lease: Lease;
    }
  /** `back`: when the first deployment is expected to be well again, in milliseconds since the epoch. */
  | { ok: false; failure: Failure; back?: number };

/** A call that may begin. */
interface Start extends Slot {
  trial: Trial;
}

/** Failures after which the same deployment may be asked again within one exchange. */
const repeatable: ReadonlySet<FailureKind> = new Set([
  'connect',
  'reset',
  'overloaded',
  'server',
  'rate-limit',
  'bad-stream',
]);

/** Failures that a person has to mend. The client is rather told of one that passes: then it tries again. */
const lasting: ReadonlySet<FailureKind> = new Set(['auth', 'no-key', 'model-not-found']);

const firstBackoff = 500;
const longestBackoff = 8_000;

export async function runAttemptLoop(input: LoopInput): Promise<LoopResult> {
  const { candidates, resilience, health, admission, clock, signal } = input;
  const failed = new Map<string, Failure>();
  let primary: Failure | undefined;
  let attempts = 0;
  let repeats = 0;
  let patience = resilience.maxWait * 1000;
  /** Waits for a slot, as long as there is patience and not longer than `longest`. */
  const inLine = async (
    wanted: () => readonly Deployment[],
    longest = patience,
  ): Promise<Start | undefined> => {
    if (patience <= 0) return undefined;
    const before = clock.elapsed();
    input.onWait();
    let trial: Trial | undefined;
    const slot = await admission.wait(wanted, Math.min(patience, longest), signal, (deployment) => {
      trial = health.begin(deployment);
    });
    patience -= clock.elapsed() - before;
    return slot && trial && { ...slot, trial };
  };
  for (;;) {
    if (signal.aborted) return { ok: false, failure: canceledFailure };
    if (attempts >= resilience.maxAttempts) break;
    const ready = () =>
      candidates.filter((candidate) => !failed.has(candidate.id) && health.of(candidate).state === 'ok');
    const full = ready();
    let start = firstStart(input, full);
    if (!start && full.length === 0 && attempts === 0) {
      // Everything rests. Better one early try than an answer that nobody can use: the network may be back already.
      const early = earlyTry(candidates, health);
      start = early && firstStart(input, [early]);
      if (start) repeats = resilience.retries;
    }
    if (!start) {
      const wait = nextWait(input, failed, repeats, patience);
      const before = clock.elapsed();
      if (full.length > 0 && patience > 0) {
        // The first slot that comes free, unless something else is sooner.
        start = await inLine(ready, wait?.milliseconds);
        // What it waited for is not well any more: something else may be worth waiting for now.
        if (!start && ready().length === 0) continue;
      } else if (!wait) break;
      if (!start && wait) {
        const { deployment, milliseconds } = wait;
        await pause(clock, before + milliseconds - clock.elapsed(), signal);
        // One that was not tried may have come back meanwhile.
        start = firstStart(input, ready());
        if (start) {
          // It goes first.
        } else if (failed.has(deployment.id) && mayRepeat(deployment, health)) {
          repeats++;
          const wanted = () => (mayRepeat(deployment, health) ? [deployment] : []);
          start = firstStart(input, [deployment]) ?? (await inLine(wanted));
        } else if (full.length === 0) patience -= milliseconds;
      }
      // Look again: of all that waited for a deployment to come back, only one may try it.
      if (!start) continue;
      if (signal.aborted) {
        health.release(start.trial);
        start.lease.end(0);
        return { ok: false, failure: canceledFailure };
      }
    }
    const { deployment, lease, trial } = start;
    attempts++;
    const record = startRecord(deployment, clock.now());
    const begun = clock.elapsed();
    try {
      input.onAttempt(record);
      const committed = await input.attempt(deployment, record, lease);
      return { ok: true, committed, deployment, record, begun, lease };
    } catch (error) {
      if (!isUpstreamFailure(error)) {
        health.release(trial);
        lease.end();
        throw error;
      }
      const { failure } = error;
      endRecord(record, failure, clock.now());
      admission.failed(deployment, failure, clock.elapsed() - begun);
      input.onAttemptEnd(record);
      health.failure(deployment, failure, resilience, trial);
      // Only now: who waits in line for this slot must know how its deployment is. Who left may have been served; who
      // was refused was not.
      lease.end(failure.kind === 'canceled' ? undefined : 0);
      if (!primary || (lasting.has(primary.kind) && !lasting.has(failure.kind))) primary = failure;
      failed.set(deployment.id, failure);
      if (failure.retry === 'never') return { ok: false, failure };
    }
  }
  const back = firstBack(input);
  const untried = candidates.filter((candidate) => !failed.has(candidate.id));
  // Those that were well and still not tried are at their limits, unless the attempts were used up.
  const full = attempts < resilience.maxAttempts;
  const hope = untried.some((candidate) => {
    const { state } = health.of(candidate);
    return state === 'cooling' || (state === 'ok' && full);
  });
  const failure =
    primary && !(hope && lasting.has(primary.kind)) ? primary : unavailableFailure(candidates, health, full);
  return { ok: false, failure, ...(back === undefined ? {} : { back }) };
}

function firstStart({ admission, health }: LoopInput, deployments: readonly Deployment[]): Start | undefined {
  for (const deployment of deployments) {
    const lease = admission.begin(deployment);
    if (lease) return { deployment, lease, trial: health.begin(deployment) };
  }
  return undefined;
}

/**
 * The shortest sensible wait: for a cooling deployment, or before a tried one is asked again. `patience`: milliseconds
 * that may still be spent on waiting for cooling ones.
 */
function nextWait(
  input: LoopInput,
  failed: ReadonlyMap<string, Failure>,
  repeats: number,
  patience: number,
): { deployment: Deployment; milliseconds: number } | undefined {
  const { candidates, resilience, health, clock, random } = input;
  const now = clock.now();
  let best: { deployment: Deployment; milliseconds: number } | undefined;
  const offer = (deployment: Deployment, milliseconds: number, longest: number) => {
    if (milliseconds <= longest && (!best || milliseconds < best.milliseconds))
      best = { deployment, milliseconds };
  };
  for (const deployment of candidates) {
    const failure = failed.get(deployment.id);
    if (!failure) {
      const state = health.of(deployment);
      // One that another request is just trying may be well before its deadline: look again after the first backoff.
      if (state.state === 'cooling' && state.until !== undefined) {
        const tried = health.isProbed(deployment) || state.until <= now;
        offer(deployment, tried ? firstBackoff : state.until - now, patience);
      }
    } else if (
      repeats < resilience.retries &&
      (repeatable.has(failure.kind) || (failure.kind === 'quota' && failure.until !== undefined))
    ) {
      const backoff = Math.min(firstBackoff * 2 ** repeats, longestBackoff) * (1 + random.fraction() / 4);
      // The book knows what was told, by other requests too; but not what is this request's own matter.
      const own = failure.scope === 'request' ? (failure.until ?? now) - now : 0;
      const promised = Math.max(own, health.limitLeft(deployment));
      if (health.of(deployment).state === 'out' || promised > resilience.maxWait * 1000) continue;
      // A provider that says "at once" again and again is not believed.
      const longest = health.isProbed(deployment) ? patience : Number.POSITIVE_INFINITY;
      offer(deployment, Math.max(promised, backoff), longest);
    }
  }
  return best;
}

/** A tried deployment may be asked again while it rests by our guess, but not against its provider's word. */
function mayRepeat(deployment: Deployment, health: HealthBook): boolean {
  return (
    health.of(deployment).state !== 'out' &&
    health.limitLeft(deployment) === 0 &&
    !health.isProbed(deployment)
  );
}

/** Of the deployments that rest by our own guess, the one that would be back first, unless somebody tries one already. */
function earlyTry(candidates: readonly Deployment[], health: HealthBook): Deployment | undefined {
  const guessed = candidates.filter((candidate) => health.coolsByGuess(candidate));
  if (guessed.some((candidate) => health.isProbed(candidate))) return undefined;
  const until = (candidate: Deployment) => health.of(candidate).until ?? 0;
  return guessed.sort((a, b) => until(a) - until(b))[0];
}

function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(milliseconds, done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

function startRecord(deployment: Deployment, now: number): AttemptRecord {
  return {
    provider: deployment.provider.name,
    model: clip(deployment.model.id),
    key: deployment.key.name,
    startedAt: now,
    outcome: 'running',
  };
}

/** Closes an attempt's record, with the failure if there was one. */
export function endRecord(record: AttemptRecord, failure: Failure | undefined, now: number): void {
  // The clock may have been set back since.
  record.duration = Math.max(now - record.startedAt, 0);
  record.outcome = failure?.kind ?? 'success';
  if (!failure) return;
  record.status = failure.status;
  record.error = clip(failure.message, 1000);
}

/** When the client should come back; undefined when nobody told: then its own backoff is better than our guess. */
function firstBack({ candidates, health, admission, clock }: LoopInput): number | undefined {
  if (candidates.some((candidate) => health.coolsByGuess(candidate))) return undefined;
  const now = clock.now();
  const times = candidates.flatMap((candidate) => {
    const state = health.of(candidate);
    if (state.state === 'cooling') return state.until ?? [];
    // A free slot is no time to wait for: there its failure speaks.
    const room = state.state === 'ok' ? admission.expectedRoomAt(candidate) : now;
    return room > now ? room : [];
  });
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Nothing could even be tried. `full`: those that are well are at the limits of their keys. */
function unavailableFailure(candidates: readonly Deployment[], health: HealthBook, full: boolean): Failure {
  const states = candidates.map((candidate) => health.of(candidate));
  const reasons = candidates.flatMap((candidate, index) => {
    const { state = 'ok', reason } = states[index] ?? {};
    if (state === 'ok' && !full) return [];
    const name = `${candidate.provider.name}/${candidate.model.id}`;
    if (state === 'ok') return `${name} is at the limit of its key ${candidate.key.name}`;
    return `${name} is ${state === 'cooling' ? 'cooling down' : 'out'}${reason ? `: ${reason}` : ''}`;
  });
  const message = [...new Set(reasons)].join('; ');
  if (full && states.some(({ state }) => state === 'ok')) return limitFailure(message);
  const failure = resetFailure(message);
  const cooling = candidates.filter((_, index) => states[index]?.state === 'cooling');
  // Limits that the upstreams told are limits for the client too.
  if (cooling.length > 0 && !cooling.some((candidate) => health.coolsByGuess(candidate)))
    return limitFailure(message);
  return cooling.length > 0
    ? { ...failure, kind: 'overloaded', status: 529, errorType: 'overloaded_error' }
    : { ...failure, kind: 'no-key', scope: 'key', status: 503, errorType: 'api_error' };
}
