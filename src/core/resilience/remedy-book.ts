// What helped against refusals, so that the next request is written right at once. Refusals are about a model and about
// what is sent to it: all keys of a provider share what was learnt.
import type { Remedy } from '../dialects/remedy.ts';
import type { Deployment } from '../routing/candidates.ts';

/** Beyond this the oldest are forgotten: models come from clients' requests, conversations are many. */
const mostEntries = 500;
/** Remedies of one model; an upstream that refuses more is not worth more. */
const mostRemedies = 24;

export class RemedyBook {
  /** Provider and model, and the session for what holds in a conversation only. Oldest use first. */
  readonly #entries = new Map<string, { provider: string; remedies: Remedy[] }>();

  /** What is to be heeded in a request of this session to this deployment. */
  of(deployment: Deployment, session: string | undefined): Remedy[] {
    const { provider, model } = deployment;
    const lasting = this.#read(keyOf(provider.name, model.id));
    const here = session === undefined ? [] : this.#read(keyOf(provider.name, model.id, session));
    return here.length === 0 ? lasting : [...lasting, ...here];
  }

  /** The upstream took a request that was written with these remedies. */
  remember(deployment: Deployment, session: string | undefined, remedies: readonly Remedy[]): void {
    const provider = deployment.provider.name;
    const model = deployment.model.id;
    for (const remedy of remedies) {
      if (remedy.span === 'model') this.#add(provider, keyOf(provider, model), remedy);
      else if (remedy.span === 'conversation' && session !== undefined)
        this.#add(provider, keyOf(provider, model, session), remedy);
    }
  }

  /** In words, what is done differently for every request to this model. */
  adjusted(provider: string, model: string): string[] {
    return (this.#entries.get(keyOf(provider, model))?.remedies ?? []).map(({ what }) => what);
  }

  /** Forgets what one provider refused, or all. */
  clear(provider?: string): void {
    for (const [key, entry] of this.#entries)
      if (provider === undefined || entry.provider === provider) this.#entries.delete(key);
  }

  #read(key: string): Remedy[] {
    const entry = this.#entries.get(key);
    if (!entry) return [];
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.remedies;
  }

  #add(provider: string, key: string, remedy: Remedy): void {
    const known = this.#read(key);
    if (known.length >= mostRemedies || known.some(({ what }) => what === remedy.what)) return;
    this.#entries.set(key, { provider, remedies: [...known, remedy] });
    if (this.#entries.size <= mostEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

function keyOf(provider: string, model: string, session = ''): string {
  return JSON.stringify([provider, model, session]);
}
