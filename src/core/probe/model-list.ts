// Reads lists of models in any of the shapes that providers give them.

export interface ListedModel {
  id: string;
  /** Context window in tokens. */
  context?: number;
}

/** Names under which the context window is told: OpenRouter, Anthropic, Gemini, vLLM, Groq, Mistral, Together, LM Studio. */
const contextFields = [
  'context_length',
  'max_input_tokens',
  'inputTokenLimit',
  'max_model_len',
  'context_window',
  'max_context_length',
  'context_size',
  'max_context_window_tokens',
];

/** Undefined when the answer is no list of models at all. */
export function readModelList(answer: unknown): ListedModel[] | undefined {
  const list = listIn(answer);
  if (!list) return undefined;
  const models = new Map<string, ListedModel>();
  for (const item of list) {
    const model = readModel(item);
    if (model && !models.has(model.id)) models.set(model.id, model);
  }
  return [...models.values()];
}

function listIn(answer: unknown): unknown[] | undefined {
  if (Array.isArray(answer)) return answer;
  if (!isRecord(answer)) return undefined;
  for (const field of ['data', 'models', 'result']) {
    const value = answer[field];
    if (Array.isArray(value)) return value;
    // Relays wrap lists once more.
    if (isRecord(value)) {
      const inner = listIn(value);
      if (inner) return inner;
    }
  }
  return undefined;
}

function readModel(item: unknown): ListedModel | undefined {
  if (typeof item === 'string') return item === '' ? undefined : { id: item };
  if (!isRecord(item)) return undefined;
  const name = [item.id, item.name, item.model].find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  if (name === undefined || !canGenerate(item)) return undefined;
  const model: ListedModel = { id: name.replace(/^models\//, '') };
  const context = contextOf(item);
  if (context !== undefined) model.context = context;
  return model;
}

function contextOf(item: Record<string, unknown>): number | undefined {
  for (const field of contextFields) {
    const value = item[field];
    if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  }
  return undefined;
}

/** Gemini lists embedding models among the others and says what each can do. */
function canGenerate(item: Record<string, unknown>): boolean {
  const methods = item.supportedGenerationMethods;
  return !Array.isArray(methods) || methods.includes('generateContent');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
