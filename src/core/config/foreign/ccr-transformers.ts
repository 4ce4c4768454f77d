// claude-code-router's transformers: what each of them becomes here. Most bend one wire format into another, which the
// dialects do by themselves. docs/migrating.md shows this table; a test holds the two together.
// Source: musistudio/claude-code-router 2.0.0, packages/core/src/transformer.
import type { DialectId } from '../../dialects/dialect.ts';
import { isObject, numberOf } from '../../json/values.ts';
import type { QuirksEntry } from '../schema-provider.ts';

/** What the transformers of one provider or model add up to. */
export interface Effects {
  dialect?: DialectId;
  quirks: QuirksEntry;
  params: Record<string, unknown>;
  maxOutput?: number;
}

export interface Transformer {
  /** For the table in docs/migrating.md. */
  becomes: string;
  /** Changes the effects; `options` is the second half of `["name", {…}]`. */
  apply?(effects: Effects, options: Readonly<Record<string, unknown>>): void;
  /** Why it is not carried over, in words for the user. */
  missing?: string;
  /** Without it the provider can't be called at all. */
  vital?: true;
}

function speaks(dialect: DialectId): Transformer {
  return {
    becomes: `\`dialect: ${dialect}\``,
    apply: (effects) => {
      effects.dialect = dialect;
    },
  };
}

function quirks(becomes: string, values: QuirksEntry): Transformer {
  return { becomes, apply: (effects) => void Object.assign(effects.quirks, values) };
}

const needless = (becomes: string): Transformer => ({ becomes });

const vertex: Transformer = {
  becomes: 'not supported: the provider is switched off',
  missing: 'needs a login at Google Cloud, which is not supported; the provider is switched off',
  vital: true,
};

/** By name in lower case: the program's own documents write some names both ways. */
const table: Readonly<Record<string, Transformer>> = {
  anthropic: {
    becomes: '`dialect: anthropic`; the option `UseBearer` becomes `quirks: { auth: bearer }`',
    apply: (effects, options) => {
      effects.dialect = 'anthropic';
      if (options.UseBearer === true) effects.quirks.auth = 'bearer';
    },
  },
  openai: speaks('openai-chat'),
  'openai-responses': speaks('openai-responses'),
  gemini: speaks('gemini'),
  'vertex-gemini': vertex,
  'vertex-claude': vertex,
  'vertex-openai': vertex,
  deepseek: quirks('`quirks: { reasoning_history: reasoning_content }`', {
    reasoning_history: 'reasoning_content',
  }),
  openrouter: {
    becomes:
      '`quirks` for OpenRouter (reasoning, reasoning_details, cache marks, web search); the options become `params` of each model',
    apply: (effects, options) => {
      effects.quirks.reasoning = 'openrouter';
      effects.quirks.reasoning_history = 'reasoning_details';
      effects.quirks.cache_control = true;
      effects.quirks.web_search = 'openrouter-plugin';
      Object.assign(effects.params, options);
    },
  },
  vercel: {
    becomes: '`quirks: { cache_control: true }`; the options become `params` of each model',
    apply: (effects, options) => {
      effects.quirks.cache_control = true;
      Object.assign(effects.params, options);
    },
  },
  groq: quirks('`quirks: { cache_control: false }`', { cache_control: false }),
  cerebras: quirks('`quirks: { reasoning: none }`', { reasoning: 'none' }),
  maxtoken: {
    becomes: '`max_output` of each model',
    apply: (effects, options) => limitOutput(effects, options.max_tokens),
  },
  maxcompletiontokens: {
    becomes: '`quirks: { max_tokens_field: max_completion_tokens }`, and `max_output` when it has a number',
    apply: (effects, options) => {
      effects.quirks.max_tokens_field = 'max_completion_tokens';
      limitOutput(effects, options.max_tokens ?? options.max_completion_tokens);
    },
  },
  sampling: {
    becomes: '`params` of each model, and `max_output` for `max_tokens`; what a client sets itself wins',
    apply: (effects, options) => {
      const { max_tokens, ...rest } = options;
      limitOutput(effects, max_tokens);
      Object.assign(effects.params, rest);
    },
  },
  reasoning: {
    becomes:
      '`quirks: { reasoning: enable_thinking, reasoning_history: reasoning_content }`; with `enable: false` `reasoning: none`',
    apply: (effects, options) => {
      if (options.enable === false) effects.quirks.reasoning = 'none';
      else {
        effects.quirks.reasoning = 'enable_thinking';
        effects.quirks.reasoning_history = 'reasoning_content';
      }
    },
  },
  customparams: {
    becomes: '`params` of each model',
    apply: (effects, options) => void Object.assign(effects.params, options),
  },
  streamoptions: quirks('`quirks: { stream_usage: true }`', { stream_usage: true }),
  cleancache: quirks('`quirks: { cache_control: false }`', { cache_control: false }),
  tooluse: needless('nothing: tools are offered as the client asks'),
  enhancetool: needless('nothing: tool arguments pass through unchanged, while they stream'),
  forcereasoning: {
    becomes: 'not carried over',
    missing: 'is not carried over: prompts are not rewritten',
  },
  extrathinktag: {
    becomes: 'not carried over',
    missing: 'is not carried over: `<think>` in a text stays in the text',
  },
};

/** Undefined for names that the program does not have built in; safe for any text. */
export function transformerOf(name: string): Transformer | undefined {
  const known = name.toLowerCase();
  return Object.hasOwn(table, known) ? table[known] : undefined;
}

export const transformerTable: readonly (readonly [name: string, becomes: string])[] = Object.entries(
  table,
).map(([name, { becomes }]) => [name, becomes]);

export function optionsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function limitOutput(effects: Effects, value: unknown): void {
  const limit = numberOf(value);
  if (limit === undefined || limit < 1) return;
  effects.maxOutput = Math.min(effects.maxOutput ?? Number.POSITIVE_INFINITY, Math.floor(limit));
}
