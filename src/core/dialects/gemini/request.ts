// A Messages request as a generateContent request. Nothing here is shared with the original, which other attempts use too.
import { isObject, type JsonObject, objectOf } from '../../json/values.ts';
import { answerMemory } from '../answer-memory.ts';
import type { EncodedRequest } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { otherFields } from '../other-fields.ts';
import { withoutFields } from '../refused-fields.ts';
import type { TargetProfile } from '../target-profile.ts';
import { ToolNames } from '../tool-names.ts';
import { noSearchInstruction } from '../web-search-text.ts';
import { encodeContents } from './contents.ts';
import { configFields, encodeConfig } from './generation-config.ts';
import { modelPath } from './model-path.ts';
import { isNativeField, nativeFields } from './native-fields.ts';
import { encodeTools } from './tools.ts';

export function encodeGeminiRequest(request: HubRequest, target: TargetProfile): EncodedRequest {
  const notes: string[] = [];
  const names = new ToolNames(/^[a-zA-Z_]/);
  const tools = encodeTools(request, target, names, notes);
  const { contents, system } = encodeContents(request, target, names, notes);
  const { config, instruction } = encodeConfig(request, target, tools.functions, notes);
  if (instruction !== undefined) system.push(instruction);
  if (tools.webSearch && !tools.searches) system.push(noSearchInstruction);
  const body: JsonObject = { contents };
  if (system.length > 0) body.systemInstruction = { parts: system.map((text) => ({ text })) };
  Object.assign(body, tools.fields, ownFields(request, target, notes));
  // Always sent: claude-relay-service takes its absence for a limit of 4096 tokens.
  body.generationConfig = config;
  addParams(body, config, target);
  dropRefused(body, target, notes);
  return {
    path: `${modelPath(target.model)}:${request.stream === true ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body,
    memory: answerMemory(request, names, tools.searches ? tools.webSearch : undefined),
    notes: [...new Set(notes)],
  };
}

/** Google refuses every field that it does not know, so unknown ones never go on. */
function ownFields(request: HubRequest, target: TargetProfile, notes: string[]): JsonObject {
  const others = Object.entries(request).filter(([name]) => !configFields.has(name));
  const rest = Object.fromEntries(others) as HubRequest;
  return otherFields(rest, { ...target, dropParams: true }, nativeFields, notes);
}

/** The target's own parameters fill what the client left open, in Google's names or in everybody's. */
function addParams(body: JsonObject, config: JsonObject, { params }: TargetProfile): void {
  for (const [key, value] of Object.entries(params)) {
    if (key === 'generationConfig' && isObject(value)) {
      for (const [name, inner] of Object.entries(value)) config[name] ??= inner;
    } else if (isNativeField(key)) body[key] ??= value;
    else config[commonNames[key] ?? key] ??= value;
  }
}

/** Everybody's name for a field of `generationConfig` → Google's. */
export const commonNames: Readonly<Record<string, string>> = {
  max_tokens: 'maxOutputTokens',
  max_output_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  top_p: 'topP',
  top_k: 'topK',
  stop: 'stopSequences',
  stop_sequences: 'stopSequences',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
};

/** A name may be of the request itself or of `generationConfig`, both are objects here that nobody else has. */
function dropRefused(body: JsonObject, target: TargetProfile, notes: string[]): void {
  const { contents, generationConfig, ...rest } = body;
  const found = new Set<string>();
  const fields = { ...rest, generationConfig };
  const kept = withoutFields(
    fields,
    target.quirks.refuses.filter((path) => path !== 'generationConfig'),
    found,
  );
  const config = withoutFields(objectOf(kept.generationConfig) ?? {}, target.quirks.refuses, found);
  for (const key of Object.keys(rest)) if (!(key in kept)) delete body[key];
  Object.assign(body, kept, { generationConfig: config });
  for (const path of found) notes.push(`${path} dropped: ${target.provider} refuses it`);
}
