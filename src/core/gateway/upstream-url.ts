// Where a call goes: the provider's base URL and the path of the dialect put together.

import { ClientError } from '../client-error.ts';

/** Stands in a base URL for the model's id: hosts that name the model in the path (Azure OpenAI's deployments). */
export const modelPlaceholder = '{model}';

/**
 * @param baseUrl normalised; may hold `{model}` and a query (`?api-version=…`), which stays behind the path
 * @param path of the dialect, with a leading slash, e.g. `/chat/completions`; its own query comes after the base URL's
 * @param query of the client, with its leading `?`, or nothing
 * Throws `ClientError` (404) for a model that would lead out of the base URL's path.
 */
export function upstreamUrl(baseUrl: string, path: string, model: string, query = ''): string {
  const inPath = baseUrl.includes(modelPlaceholder);
  // Dots keep their meaning in a path however they are encoded.
  if (inPath && /^\.{1,2}$/.test(model))
    throw new ClientError(404, 'not_found_error', `There is no model "${model}".`);
  const base = baseUrl.replace(modelPlaceholder, () => encodeURIComponent(model));
  const cut = base.indexOf('?');
  const [root, own] = cut === -1 ? [base, ''] : [base.slice(0, cut), base.slice(cut)];
  const [place = '', ...asked] = path.split('?');
  const queries = [own, ...asked, query].map((text) => text.replace(/^\?/, '')).filter((text) => text !== '');
  return queries.length === 0 ? root + place : `${root}${place}?${queries.join('&')}`;
}

/** The client's query without its credential. */
export function withoutCredential(query: URLSearchParams): URLSearchParams {
  if (!query.has('key')) return query;
  const kept = new URLSearchParams(query);
  kept.delete('key');
  return kept;
}
