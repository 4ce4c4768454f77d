// LiteLLM's model strings: what stands before the first slash names the provider. docs/migrating.md shows this table; a
// test holds the two together. Source: BerriAI/litellm 1.82.1, litellm_core_utils/get_llm_provider_logic.py.
import type { DialectId } from '../../dialects/dialect.ts';

export interface Prefix {
  /** The known provider; undefined: only `api_base` tells. */
  preset?: string;
  dialect: DialectId;
  /** Why it can't be used, in words for the user. */
  missing?: string;
}

const chat = (preset: string): Prefix => ({ preset, dialect: 'openai-chat' });
const unknownServer: Prefix = { dialect: 'openai-chat' };
const cloudLogin: Prefix = {
  dialect: 'openai-chat',
  missing:
    'needs a login at a cloud, which is not supported (the presets "bedrock" and "vertex" take API keys); this deployment is left out',
};

const table: Readonly<Record<string, Prefix>> = {
  openai: chat('openai'),
  anthropic: { preset: 'anthropic', dialect: 'anthropic' },
  gemini: { preset: 'gemini', dialect: 'gemini' },
  azure: chat('azure'),
  azure_ai: chat('azure'),
  openrouter: chat('openrouter'),
  deepseek: chat('deepseek'),
  dashscope: chat('dashscope'),
  moonshot: chat('moonshot'),
  minimax: chat('minimax'),
  zai: chat('zhipu'),
  volcengine: chat('volcengine'),
  xai: chat('xai'),
  mistral: chat('mistral'),
  groq: chat('groq'),
  together_ai: chat('together'),
  fireworks_ai: chat('fireworks'),
  cerebras: chat('cerebras'),
  huggingface: chat('huggingface'),
  nvidia_nim: chat('nvidia'),
  perplexity: { preset: 'perplexity', dialect: 'openai-responses' },
  vercel_ai_gateway: chat('vercel'),
  ollama: chat('ollama'),
  ollama_chat: chat('ollama'),
  lm_studio: chat('lmstudio'),
  hosted_vllm: chat('vllm'),
  vllm: chat('vllm'),
  llamafile: chat('llamacpp'),
  litellm_proxy: chat('litellm'),
  custom_openai: unknownServer,
  openai_like: unknownServer,
  bedrock: cloudLogin,
  bedrock_converse: cloudLogin,
  vertex_ai: cloudLogin,
  vertex_ai_beta: cloudLogin,
  sagemaker: cloudLogin,
  sagemaker_chat: cloudLogin,
  watsonx: cloudLogin,
  oci: cloudLogin,
  github_copilot: cloudLogin,
};

export const prefixTable: readonly (readonly [name: string, prefix: Prefix])[] = Object.entries(table);

/**
 * The parts of a model string; the prefix is cut off exactly once. `provider` is `custom_llm_provider`. Without a known
 * prefix the whole text is the model.
 */
export function splitModel(
  text: string,
  provider?: string,
): { prefix?: Prefix; name?: string; model: string } {
  const cut = text.indexOf('/');
  const before = cut < 0 ? '' : text.slice(0, cut);
  if (provider !== undefined && Object.hasOwn(table, provider)) {
    const model = before === provider ? text.slice(cut + 1) : text;
    return { name: provider, model, ...(table[provider] && { prefix: table[provider] }) };
  }
  const prefix = Object.hasOwn(table, before) ? table[before] : undefined;
  if (prefix !== undefined) return { prefix, name: before, model: text.slice(cut + 1) };
  const guessed = makerOf(text);
  return { model: text, ...(guessed !== undefined && { prefix: table[guessed] as Prefix, name: guessed }) };
}

/** Bare names that LiteLLM finds in its list of models. */
function makerOf(model: string): string | undefined {
  if (/^(?:gpt-|chatgpt-|o\d|text-embedding-)/.test(model)) return 'openai';
  if (model.startsWith('claude-')) return 'anthropic';
  return model.startsWith('gemini-') ? 'gemini' : undefined;
}
