// Where a model stands in Google's API.

/** `/models/x`; `tunedModels/x`, Vertex' `publishers/google/models/x` and their like are paths already. */
export function modelPath(model: string): string {
  // Dots would lead out of the provider's own path.
  const isPath =
    /^(?:models|tunedModels|publishers|projects|endpoints)\//.test(model) &&
    !/(?:^|\/)\.{1,2}(?:\/|$)/.test(model);
  return isPath
    ? `/${model.split('/').map(encodeURIComponent).join('/')}`
    : `/models/${encodeURIComponent(model)}`;
}

/** The model's name inside a request: `models/x`. */
export function modelName(model: string): string {
  return decodeURIComponent(modelPath(model).slice(1));
}
