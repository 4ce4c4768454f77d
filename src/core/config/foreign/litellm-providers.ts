// From LiteLLM's deployments to providers: those that share address, key, limits and headers are one.
import { sameData } from '../edit/edit-data.ts';
import { freeName, providerName, setAll, type TranslateContext } from './context.ts';
import type { Deployment, ModelDetails, ProviderIdentity } from './litellm-deployment.ts';

interface Provider {
  name: string;
  identity: ProviderIdentity;
  models: ModelDetails[];
}

export class LitellmProviders {
  readonly #context: TranslateContext;
  readonly #providers: Provider[] = [];

  constructor(context: TranslateContext) {
    this.#context = context;
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#providers.map(({ name }) => name));
  }

  /**
   * The provider of a deployment; it is added when there is none like it, or when that one has the model with other
   * parameters. Limits are counted by deployment there and by key here: with limits, one provider serves one model.
   */
  place(deployment: Deployment): string {
    const { provider: identity, model } = deployment;
    const limited = Object.keys(identity.limits).length > 0;
    const found = this.#providers.find((candidate) => {
      if (!sameData(candidate.identity, identity)) return false;
      const listed = candidate.models.find(({ id }) => id === model.id);
      if (listed !== undefined) return sameData(listed, model);
      return !limited;
    });
    const provider = found ?? this.#add(deployment, deployment.wish);
    if (!provider.models.some(({ id }) => id === model.id)) {
      provider.models.push(model);
      const entry = Object.keys(model).length === 1 ? model.id : model;
      this.#context.draft.push(['providers', provider.name, 'models'], entry, deployment.modelNode);
    }
    return provider.name;
  }

  /**
   * A wildcard such as `openrouter/*`: whoever asks for `openrouter/x` names the provider, if that is how it is called.
   * False when the name is taken.
   */
  placeWildcard(deployment: Deployment, name: string): boolean {
    if (this.names.has(name) || providerName(name) !== name) return false;
    this.#add(deployment, name);
    return true;
  }

  #add(deployment: Deployment, wish: string): Provider {
    const { provider: identity, node, urlNode, keyNode } = deployment;
    const { draft } = this.#context;
    const name = freeName(providerName(wish), (taken) => draft.has(['providers', taken]));
    const path = ['providers', name];
    const { preset, dialect, baseUrl, key, limits, headers, firstToken } = identity;
    draft.set(path, {}, node);
    setAll(draft, path, { preset, dialect }, deployment.modelNode);
    setAll(draft, path, { base_url: baseUrl }, urlNode ?? node);
    draft.set(
      [...path, 'keys'],
      [Object.keys(limits).length > 0 ? { key, ...limits } : key],
      keyNode ?? node,
    );
    if (Object.keys(headers).length > 0) draft.set([...path, 'headers'], headers, node);
    if (firstToken !== undefined) draft.set([...path, 'timeout', 'first_token'], firstToken, node);
    const provider = { name, identity, models: [] };
    this.#providers.push(provider);
    return provider;
  }
}
