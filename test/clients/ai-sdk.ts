// The AI SDK, loaded from the cache, with the few types of it that the tests use.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureAiSdk } from '../../src/dev/cache.ts';

/** A model of one of its providers; opaque here. */
export type Model = { readonly modelId: string };

interface Settings {
  model: Model;
  prompt?: string;
  system?: string;
  messages?: unknown[];
  tools?: Record<string, unknown>;
  stopWhen?: unknown;
  output?: unknown;
  maxRetries?: number;
  providerOptions?: object;
}

interface Result {
  text: string;
  reasoningText: string | undefined;
  finishReason: string;
  /** Of the last step. */
  usage: { inputTokens: number | undefined; outputTokens: number | undefined };
  output: unknown;
  steps: readonly { toolCalls: readonly { toolName: string; input: unknown }[] }[];
}

export interface AiSdk {
  generateText(settings: Settings): Promise<Result>;
  streamText(settings: Settings & { onError?: (event: { error: unknown }) => void }): {
    textStream: AsyncIterable<string>;
  } & { [Name in keyof Result]: PromiseLike<Result[Name]> };
  tool(definition: { description: string; inputSchema: unknown; execute(input: unknown): unknown }): unknown;
  jsonSchema(schema: object): unknown;
  Output: { object(options: { schema: unknown }): unknown };
  isStepCount(count: number): unknown;
  embedMany(settings: { model: Model; values: string[]; maxRetries?: number }): Promise<{
    embeddings: number[][];
    usage: { tokens: number };
  }>;
  /** One model per way to reach the router. */
  models(router: Reach): Readonly<Record<string, Model>>;
  /** Of `name`, one per provider that has such. */
  embeddingModels(router: Reach, name: string): Readonly<Record<string, Model>>;
}

interface Reach {
  url: string;
  token: string;
}

type Create = (
  settings: { baseURL: string; apiKey: string } & Record<string, unknown>,
) => ((name: string) => Model) & { chat(name: string): Model; embeddingModel(name: string): Model };

export async function loadAiSdk(): Promise<AiSdk> {
  const folder = await ensureAiSdk();
  const load = async <Module>(name: string): Promise<Module> =>
    await import(pathToFileURL(join(folder, 'node_modules', name, 'dist', 'index.js')).href);
  const sdk = await load<Omit<AiSdk, 'models' | 'embeddingModels'>>('ai');
  const { createOpenAI } = await load<{ createOpenAI: Create }>('@ai-sdk/openai');
  const { createOpenAICompatible } = await load<{ createOpenAICompatible: Create }>(
    '@ai-sdk/openai-compatible',
  );
  const { createAnthropic } = await load<{ createAnthropic: Create }>('@ai-sdk/anthropic');
  const { createGoogle } = await load<{ createGoogle: Create }>('@ai-sdk/google');
  const google = ({ url, token: apiKey }: Reach) => createGoogle({ baseURL: `${url}/v1beta`, apiKey });
  return {
    ...sdk,
    models({ url, token: apiKey }) {
      const v1 = { baseURL: `${url}/v1`, apiKey };
      const compatible = { name: 'router', includeUsage: true, supportsStructuredOutputs: true };
      return {
        'openai, Responses': createOpenAI(v1)('gpt-5'),
        'openai, chat': createOpenAI(v1).chat('gpt-5'),
        'openai-compatible': createOpenAICompatible({ ...v1, ...compatible })('any-name'),
        anthropic: createAnthropic(v1)('claude-sonnet-4-5'),
        google: google({ url, token: apiKey })('gemini-3-flash'),
      };
    },
    embeddingModels(reach, name) {
      const v1 = { baseURL: `${reach.url}/v1`, apiKey: reach.token };
      return {
        openai: createOpenAI(v1).embeddingModel(name),
        'openai-compatible': createOpenAICompatible({ ...v1, name: 'router' }).embeddingModel(name),
        google: google(reach).embeddingModel(name),
      };
    },
  };
}
