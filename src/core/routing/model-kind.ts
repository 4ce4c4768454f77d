// What a model is for, as far as its name tells: no provider's list says it in a common way.

/** True for models that turn texts into vectors. */
export function isEmbeddingModel(id: string): boolean {
  return /embed|(?:^|[/_-])(?:bge|gte|e5|m3e|minilm)(?:[-_:.]|$)/i.test(id);
}
