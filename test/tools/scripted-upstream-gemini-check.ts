// Refuses what Google's generateContent refuses, in its words.
import { isObject, type JsonObject, objectAt, Refusal } from './scripted-upstream-types.ts';

export interface GeminiRules {
  maxOutput?: number | undefined;
  /** Thought signatures that this upstream has made; without the list all pass. */
  signatures?: ReadonlySet<string>;
}

const requestFields = new Set(
  'contents systemInstruction tools toolConfig safetySettings generationConfig cachedContent labels serviceTier'.split(
    ' ',
  ),
);
const configFields = new Set(
  `candidateCount frequencyPenalty logprobs maxOutputTokens mediaResolution presencePenalty responseJsonSchema
   responseLogprobs responseMimeType responseModalities responseSchema seed speechConfig stopSequences temperature
   thinkingConfig topK topP`.split(/\s+/),
);
const partFields = new Set(
  `text thought thoughtSignature inlineData fileData functionCall functionResponse executableCode codeExecutionResult
   videoMetadata toolCall toolResponse partMetadata mediaResolution`.split(/\s+/),
);
const dataFields = ['text', 'inlineData', 'fileData', 'functionCall', 'functionResponse', 'executableCode'];
const mediaTypes = /^(?:image\/(?:png|jpeg|webp|heic|heif)|application\/pdf|audio\/|video\/|text\/)/;
/** What Google takes in place of a signature of its own. */
const wildcards = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];

/** Throws `Refusal` for a request that the real API would answer with 4xx. */
export function checkGemini(body: JsonObject, model: string, rules: GeminiRules = {}): void {
  known(body, requestFields, '');
  const tools = checkTools(body);
  checkConfig(body.generationConfig, model, rules);
  const system = body.systemInstruction;
  if (system !== undefined) checkParts(objectAt(system, 'system_instruction'), 'system_instruction');
  checkContents(listOf(body.contents, 'contents'), isThree(model), rules);
  const mode = isObject(body.toolConfig) ? body.toolConfig.functionCallingConfig : undefined;
  if (isObject(mode) && tools.size === 0 && mode.mode !== 'NONE')
    throw invalid('Function calling config is set without function_declarations.');
  for (const name of isObject(mode) && Array.isArray(mode.allowedFunctionNames)
    ? mode.allowedFunctionNames
    : [])
    if (!tools.has(String(name)))
      throw invalid(`allowed_function_names: ${name} is not among the function declarations.`);
}

function isThree(model: string): boolean {
  return /^gemini-(?:[3-9]|[a-z])/.test(model);
}

function invalid(message: string): Refusal {
  return new Refusal(message, { type: 'INVALID_ARGUMENT' });
}

function known(object: JsonObject, fields: ReadonlySet<string>, place: string): void {
  for (const field of Object.keys(object))
    if (!fields.has(field))
      throw invalid(
        `Invalid JSON payload received. Unknown name "${field}"${place === '' ? '' : ` at '${place}'`}: Cannot find field.`,
      );
}

function listOf(value: unknown, place: string): unknown[] {
  if (!Array.isArray(value) || value.length === 0)
    throw invalid(`* GenerateContentRequest.${place}: ${place} is not specified`);
  return value;
}

/** Returns the names of all functions. */
function checkTools({ tools }: JsonObject): Set<string> {
  const names = new Set<string>();
  let search = false;
  for (const [index, value] of (Array.isArray(tools) ? tools : []).entries()) {
    const tool = objectAt(value, `tools[${index}]`);
    search ||= tool.googleSearch !== undefined;
    if (tool.functionDeclarations === undefined) continue;
    for (const declared of listOf(tool.functionDeclarations, `tools[${index}].function_declarations`))
      names.add(checkFunction(objectAt(declared, `tools[${index}]`), names));
  }
  if (search && names.size > 0)
    throw invalid(
      'Built-in tools ({google_search}) and Function Calling cannot be combined in the same request.',
    );
  return names;
}

function checkFunction(declared: JsonObject, names: ReadonlySet<string>): string {
  const name = String(declared.name);
  if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(name))
    throw invalid(
      `Invalid function name ${name}. Must start with a letter or an underscore, with a maximum length of 128.`,
    );
  if (names.has(name)) throw invalid(`Duplicate function declaration found: ${name}`);
  known(
    declared,
    new Set(
      'name description parameters parametersJsonSchema response responseJsonSchema behavior'.split(' '),
    ),
    'tools.function_declarations',
  );
  const schema = declared.parametersJsonSchema ?? declared.parameters;
  if (declared.parametersJsonSchema !== undefined && declared.parameters !== undefined)
    throw invalid('parameters and parameters_json_schema cannot both be set.');
  if (schema !== undefined && String(objectAt(schema, name).type).toLowerCase() !== 'object')
    throw invalid(`functionDeclaration ${name} parameters schema should be of type OBJECT.`);
  return name;
}

function checkConfig(value: unknown, model: string, { maxOutput = 65_536 }: GeminiRules): void {
  if (value === undefined) return;
  const config = objectAt(value, 'generation_config');
  known(config, configFields, 'generation_config');
  const { maxOutputTokens: limit, stopSequences: stops, temperature, thinkingConfig: thinking } = config;
  if (limit !== undefined && !(typeof limit === 'number' && limit >= 1 && limit <= maxOutput))
    throw invalid(
      `Unable to submit request because it has a maxOutputTokens value of ${limit} but the supported range is from 1 (inclusive) to ${maxOutput + 1} (exclusive).`,
    );
  if (Array.isArray(stops) && stops.length > 5)
    throw invalid('The number of stop sequences must be less than or equal to 5.');
  if (temperature !== undefined && !(typeof temperature === 'number' && temperature >= 0 && temperature <= 2))
    throw invalid(`temperature must be in the range [0.0, 2.0].`);
  if (config.responseJsonSchema !== undefined && config.responseMimeType !== 'application/json')
    throw invalid('response_schema is only supported when response_mime_type is application/json.');
  if (!isObject(thinking)) return;
  known(
    thinking,
    new Set(['includeThoughts', 'thinkingBudget', 'thinkingLevel']),
    'generation_config.thinking_config',
  );
  if (thinking.thinkingLevel !== undefined && thinking.thinkingBudget !== undefined)
    throw invalid('You can only set only one of thinking budget and thinking level.');
  if (thinking.thinkingLevel !== undefined && !isThree(model))
    throw invalid('Thinking level is not supported for this model.');
}

function checkContents(contents: unknown[], three: boolean, rules: GeminiRules): void {
  let calls: JsonObject[] = [];
  for (const [at, value] of contents.entries()) {
    const place = `contents[${at}]`;
    const content = objectAt(value, place);
    const role = content.role ?? 'user';
    if (role !== 'user' && role !== 'model') throw invalid('Please use a valid role: user, model.');
    const parts = checkParts(content, place);
    const results = parts.flatMap((part) => (isObject(part.functionResponse) ? [part.functionResponse] : []));
    if (calls.length !== results.length)
      throw invalid(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      );
    for (const [index, result] of results.entries()) checkResult(result, calls[index], three);
    calls = parts.flatMap((part) => (isObject(part.functionCall) ? [part.functionCall] : []));
    if (calls.length === 0) continue;
    if (role !== 'model' || at === 0)
      throw invalid(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      );
    if (three) checkSigned(parts, place, rules);
  }
  if (calls.length > 0)
    throw invalid('Please ensure that a function call turn is followed by its responses.');
}

function checkResult(result: JsonObject, call: JsonObject | undefined, three: boolean): void {
  if (result.name !== call?.name) throw invalid(`Function response ${result.name} has no call of that name.`);
  if (!isObject(result.response)) throw invalid('function_response.response: Value is not a struct.');
  if (three && result.id !== undefined && call?.id !== undefined && result.id !== call.id)
    throw invalid(`Function response id ${result.id} does not match the call.`);
}

/** From Gemini 3 on the first call of a step has to come back with its signature. */
function checkSigned(parts: readonly JsonObject[], place: string, { signatures }: GeminiRules): void {
  const first = parts.findIndex((part) => part.functionCall !== undefined);
  const signature = parts[first]?.thoughtSignature;
  if (signature === undefined)
    throw invalid(
      `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. (${place}.parts[${first}])`,
    );
  if (signatures && !signatures.has(String(signature)) && !wildcards.includes(String(signature)))
    throw invalid(`Corrupted thought signature. (${place})`);
}

function checkParts(content: JsonObject, place: string): JsonObject[] {
  known(content, new Set(['role', 'parts']), place);
  const parts = listOf(content.parts, `${place}.parts`);
  return parts.map((value, at) => {
    const here = `${place}.parts[${at}]`;
    const part = objectAt(value, here);
    known(part, partFields, here);
    const data = dataFields.filter((field) => part[field] !== undefined);
    if (data.length !== 1)
      throw invalid(`${here}.data: required oneof field 'data' must have one initialized field`);
    if (part.text === '' && part.thoughtSignature === undefined)
      throw invalid('Unable to submit request because it must have a text parameter.');
    if (isObject(part.inlineData)) checkMedia(part.inlineData, here);
    return part;
  });
}

function checkMedia({ mimeType, data }: JsonObject, place: string): void {
  if (!mediaTypes.test(String(mimeType))) throw invalid(`Unsupported MIME type: ${mimeType}`);
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(String(data)))
    throw invalid(`Invalid value at '${place}.inline_data.data' (TYPE_BYTES), Base64 decoding failed`);
}
