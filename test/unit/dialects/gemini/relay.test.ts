// What is changed in a Gemini client's request before a Gemini upstream gets it, byte by byte.
import { encodeBase64 } from '../../../../src/core/dialects/gemini/client/base64.ts';
import { unsignedCall, wrapForNext } from '../../../../src/core/dialects/gemini/thought-signature.ts';
import { carrySignature } from '../../../../src/core/dialects/signature-carrier.ts';
import { pdf, png } from '../claude-code-request.ts';
import { testCases } from '../relayed-request.ts';

const hi = ', "contents" : [{"role" : "user", "parts" : [{"text" : "h\\u00e9"}]}]';
const contents = (...list: object[]) => `,"contents":${JSON.stringify(list)}`;
const user = { role: 'user', parts: [{ text: 'go on' }] };
const config = (fields: object) => `, "generationConfig" : ${JSON.stringify(fields)}`;
const flash3 = 'gemini-3-flash';

testCases('gemini', {
  nothing: [`${hi}, "generationConfig" : { "topK" : 1e1 }`, `${hi}, "generationConfig" : { "topK" : 1e1 }`],
  'a limit, as it was written': [
    `${hi}, "generationConfig" : { "maxOutputTokens" : 1e2 }`,
    `${hi}, "generationConfig" : { "maxOutputTokens" : 1e2 }`,
    { maxOutput: 100 },
  ],
  'a limit above what the model can write': [
    `${hi}${config({ maxOutputTokens: 100, seed: 1 })}`,
    `${hi}${config({ maxOutputTokens: 50, seed: 1 })}`,
    { maxOutput: 50 },
    /^maxOutputTokens lowered from 100 to 50$/,
  ],
  "a limit above what all of Google's models can write, in the other spelling": [
    `${hi}, "generation_config" : {"max_output_tokens":100000}`,
    `${hi}, "generation_config" : {"max_output_tokens":65536}`,
    { id: flash3 },
    /^maxOutputTokens lowered/,
  ],
  "the model's own parameters, in anybody's names": [
    `${hi}${config({ temperature: 0.5 })}`,
    `${hi}${config({ temperature: 0.5, maxOutputTokens: 7, topK: 3 })},"safetySettings":[]`,
    { params: { temperature: 1, max_tokens: 7, safetySettings: [], generationConfig: { topK: 3 } } },
  ],
  'the same without a configuration of the client': [
    hi,
    `${hi},"generationConfig":{"topP":0.9}`,
    { params: { top_p: 0.9 } },
  ],
  'refused fields and paths': [
    `, "labels" : {"a":"b"}${hi}${config({ topK: 3, seed: 1 })}, "cachedContent" : "c"`,
    `${hi}${config({ seed: 1 })}, "cachedContent" : "c"`,
    { quirks: { refuses: ['labels', 'topK', 'contents', 'generationConfig'] } },
    /^labels dropped: up refuses it\ntopK dropped: up refuses it$/,
  ],
  'a refused path that begins at the top, beside another change': [
    `${hi}${config({ topK: 3, maxOutputTokens: 9 })}`,
    `${hi}${config({ maxOutputTokens: 5 })}`,
    { quirks: { refuses: ['generation_config.top_k'] }, maxOutput: 5 },
    /dropped: up refuses it/,
  ],
});

testCases('gemini', {
  'thinking, as it was asked for': [
    `${hi}${config({ thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: true } })}`,
    `${hi}${config({ thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: true } })}`,
    { id: flash3 },
  ],
  'a model that refuses to be told': [
    `${hi}${config({ seed: 1, thinkingConfig: { thinkingBudget: 0 } })}`,
    `${hi}${config({ seed: 1 })}`,
    { id: 'gemini-2.0-flash' },
    /^thinkingConfig dropped: gemini-2.0-flash refuses it$/,
  ],
  'a model of which nothing is known': [
    `${hi}${config({ thinkingConfig: { thinkingBudget: 0 } })}`,
    `${hi}${config({ thinkingConfig: { thinkingBudget: 0 } })}`,
    { id: 'other' },
  ],
  'a level, said as a budget; thoughts are shown only to those who ask for them': [
    `${hi}${config({ thinkingConfig: { thinkingLevel: 'low' } })}`,
    `${hi}${config({ thinkingConfig: { thinkingBudget: 1024 } })}`,
    { id: 'gemini-2.5-flash' },
    /^thinkingLevel low said in the words of gemini-2.5-flash$/,
  ],
  'a level, said as a budget, with thoughts': [
    `${hi}${config({ thinkingConfig: { thinkingLevel: 'high', includeThoughts: true } })}`,
    `${hi}${config({ thinkingConfig: { includeThoughts: true, thinkingBudget: 24576 } })}`,
    { id: 'gemini-2.5-flash' },
    /^thinkingLevel high said/,
  ],
  'a level that the model does not know': [
    `${hi}${config({ thinkingConfig: { thinking_level: 'medium' } })}`,
    `${hi}${config({ thinkingConfig: { thinkingLevel: 'low' } })}`,
    { id: 'gemini-3-pro' },
    /^thinkingLevel medium said/,
  ],
});

const schema = { type: 'OBJECT', properties: { a: { type: 'STRING' } } };
const format = { responseMimeType: 'application/json', responseSchema: schema, seed: 1 };
const inWords =
  'Answer with one JSON value only, without any other text, that matches this JSON schema:\n{"properties":{"a":{"type":"string"}},"type":"object"}';
const instruct = (...texts: string[]) => JSON.stringify({ parts: texts.map((text) => ({ text })) });

testCases('gemini', {
  'a schema that the upstream takes': [`${hi}${config(format)}`, `${hi}${config(format)}`],
  'a schema in words': [
    `${hi}${config(format)}`,
    `${hi}${config({ seed: 1 })},"systemInstruction":${instruct(inWords)}`,
    { quirks: { jsonSchema: 'prompt' } },
    /schema said in words/,
  ],
  'a schema in words, behind those of the client': [
    `, "system_instruction" : {"parts":{"text":"Be kind."}}${hi}${config(format)}`,
    `, "system_instruction" : ${instruct('Be kind.', inWords)}${hi}${config({ responseMimeType: 'application/json', seed: 1 })}`,
    { quirks: { jsonSchema: 'json_object' } },
    /schema said in words/,
  ],
  'JSON without a schema': [
    `${hi}${config({ responseMimeType: 'application/json' })}`,
    `${hi}${config({ responseMimeType: 'application/json' })}`,
    { quirks: { jsonSchema: 'prompt' } },
  ],
});

const image = { inlineData: { mimeType: 'image/png', data: png } };
const file = { inline_data: { mime_type: 'application/pdf', data: pdf } };

testCases('gemini', {
  'images and files that the model reads': [
    contents({ role: 'user', parts: [image, file] }),
    contents({ role: 'user', parts: [image, file] }),
  ],
  'images and files that the model does not read': [
    contents({ role: 'user', parts: [{ text: 'a', x: 1 }, image, file] }),
    contents({
      role: 'user',
      parts: [
        { text: 'a', x: 1 },
        { text: "[Image (image/png, 70 bytes) left out: the model real can't read images]" },
        { text: "[Document (application/pdf, 15 bytes) left out: the model real can't read PDF documents]" },
      ],
    }),
    { vision: false, pdf: false },
    /^image replaced by text: real can't read it\ndocument replaced by text/,
  ],
  'sound, which the router knows nothing of': [
    contents({ role: 'user', parts: [{ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }] }),
    contents({ role: 'user', parts: [{ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }] }),
    { vision: false, pdf: false },
  ],
  'parts and turns that say nothing': [
    contents(
      user,
      { role: 'model', parts: [{ text: 'a' }, { text: '' }] },
      { role: 'model', parts: [{ text: '' }] },
    ),
    contents(user, { role: 'model', parts: [{ text: 'a' }] }),
  ],
});

const call = (thoughtSignature?: string) => ({
  functionCall: { name: 'look', args: {} },
  ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
});
const model = (...parts: object[]) => contents(user, { role: 'model', parts });
const carried = (signature: string) =>
  encodeBase64(JSON.stringify({ switchyard: [{ type: 'thinking', thinking: 'hm', signature }] }));

testCases('gemini', {
  "signatures of Google's own": [model(call('Q0FG')), model(call('Q0FG')), { id: flash3 }],
  'a carried signature of this provider': [
    model(call(carried(carrySignature('up', wrapForNext('Q0FG')))), call()),
    model(call('Q0FG'), call()),
    { id: flash3 },
  ],
  'a carried signature of another provider': [
    model({ text: 'a', thoughtSignature: carried('EqQB') }, call()),
    model({ text: 'a' }, call()),
    { id: flash3 },
    /^thinking of other providers left out$/,
  ],
  'the same at the first call, which has to be signed': [
    model(call(carried('EqQB')), call(carried('EqQB'))),
    model(call(unsignedCall), call()),
    { id: flash3 },
    /^thinking of other providers left out$/,
  ],
  'the same before Gemini 3': [
    model(call(carried('EqQB'))),
    model(call()),
    { id: 'gemini-2.5-pro' },
    /^thinking of other providers left out$/,
  ],
});
