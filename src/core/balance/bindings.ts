// Sessions stay where they are: a switch of the deployment throws away the provider's prompt cache, which makes the next
// answer slower and several times dearer. A binding says which deployment serves a session within one group.
import { isObject } from '../json/values.ts';

interface Binding {
  /** The deployment's id. */
  deployment: string;
  /** Milliseconds since the epoch. */
  usedAt: number;
}

/** Providers keep a prompt for five minutes to an hour. In milliseconds. */
export const sessionIdleLimit = 60 * 60_000;
export const mostSessions = 1_000;
/** `usedAt` is told no finer than this, so that a file of bindings does not change with every request. */
const grain = 5 * 60_000;

export class Bindings {
  /** By session and scope, least recently used first. */
  readonly #bindings = new Map<string, Binding>();

  /** The deployment that serves a session in a scope (the name of a group, or `provider/model`). */
  get(session: string, scope: string, now: number): string | undefined {
    const name = nameOf(session, scope);
    const binding = this.#bindings.get(name);
    if (!binding) return undefined;
    // The clock was set back: it was used no later than now.
    binding.usedAt = Math.min(binding.usedAt, now);
    if (now - binding.usedAt < sessionIdleLimit) return binding.deployment;
    this.#bindings.delete(name);
    return undefined;
  }

  /**
   * Binds a session after a success. `before`: what bound it when the request was planned; when another request of the
   * session has bound it anew meanwhile, that one counts.
   */
  set(session: string, scope: string, deployment: string, before: string | undefined, now: number): void {
    if (this.get(session, scope, now) !== before) return;
    this.#put(nameOf(session, scope), { deployment, usedAt: now });
  }

  /** Forgets what is bound to deployments of a provider. */
  forget(provider: string): void {
    for (const [name, { deployment }] of this.#bindings)
      if (deployment.startsWith(`${provider}/`)) this.#bindings.delete(name);
  }

  /** As plain data, for `health.json` and for a window that takes over. */
  export(now: number): Record<string, Binding> {
    const data: Record<string, Binding> = {};
    for (const [name, { deployment, usedAt }] of this.#bindings)
      if (now - usedAt < sessionIdleLimit)
        data[name] = { deployment, usedAt: Math.floor(usedAt / grain) * grain };
    return data;
  }

  /** Takes `export`ed bindings back; anything else in the data is ignored. Of two the newer one counts. */
  import(data: unknown, now: number): void {
    if (!isObject(data)) return;
    for (const [name, value] of Object.entries(data)) {
      if (!isObject(value)) continue;
      const { deployment, usedAt } = value;
      if (typeof deployment !== 'string' || typeof usedAt !== 'number' || now - usedAt >= sessionIdleLimit)
        continue;
      if (usedAt > (this.#bindings.get(name)?.usedAt ?? 0))
        this.#put(name, { deployment, usedAt: Math.min(usedAt, now) });
    }
  }

  #put(name: string, binding: Binding): void {
    this.#bindings.delete(name);
    this.#bindings.set(name, binding);
    if (this.#bindings.size <= mostSessions) return;
    const oldest = this.#bindings.keys().next().value;
    if (oldest !== undefined) this.#bindings.delete(oldest);
  }
}

/** A session's key is a hash and holds no space. */
function nameOf(session: string, scope: string): string {
  return `${session} ${scope}`;
}
