// Where a call goes: the provider's base URL and the path of the dialect put together.

/** Stands in a base URL for the model's id: hosts that name the model in the path (Azure OpenAI's deployments). */
export const modelPlaceholder = '{model}';

/**
 * @param baseUrl normalised; may hold `{model}` and a query (`?api-version=…`), which stays behind the path
 * @param path of the dialect, with a leading slash, e.g. `/chat/completions`; its own query comes after the base URL's
 * @param query of the client, with its leading `?`, or nothing
 */
export function upstreamUrl(baseUrl: string, path: string, model: string, query = ''): string {
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
