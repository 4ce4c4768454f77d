// What is changed in a Responses client's request before a Responses upstream gets it, byte by byte.
import { shortHash } from '../../../../src/core/dialects/short-hash.ts';
import { carrySignature } from '../../../../src/core/dialects/signature-carrier.ts';
import { wrapEncrypted } from '../../../../src/core/dialects/signature-forms.ts';
import { pdf, png } from '../claude-code-request.ts';
import { testCases } from '../relayed-request.ts';

const hi = ', "input" : "h\\u00e9"';
const input = (...items: object[]) => `,"input":${JSON.stringify(items)}`;
const user = { role: 'user', content: 'go on' };

testCases('openai-responses', {
  'nothing but the name of the model': [
    `${hi}, "store" : true, "previous_response_id" : "r"`,
    `${hi}, "store" : true, "previous_response_id" : "r"`,
  ],
  'a limit, as it was written': [
    `${hi}, "max_output_tokens" : 1e2`,
    `${hi}, "max_output_tokens" : 1e2`,
    { maxOutput: 100 },
  ],
  'a limit above what the model can write': [
    `${hi}, "max_output_tokens" : 100`,
    `${hi}, "max_output_tokens" : 50`,
    { maxOutput: 50 },
    /^max_output_tokens lowered from 100 to 50$/,
  ],
  "the model's own parameters, where the client left them open": [
    `${hi}, "temperature" : 0.50, "top_p" : null`,
    `${hi}, "temperature" : 0.50, "top_p" : 0.9,"max_output_tokens":7,"x_more":{"a":1}`,
    { params: { temperature: 1, top_p: 0.9, max_tokens: 7, x_more: { a: 1 } } },
  ],
  'refused fields and paths': [
    `, "store" : true${hi}, "tools" : [{"type":"function","name":"a","strict":true}], "user" : "u"`,
    `${hi}, "tools" : [{"type":"function","name":"a"}], "user" : "u"`,
    { quirks: { refuses: ['store', 'tools[].strict', 'input'] } },
    /^store, tools\[\].strict dropped: up refuses it$/,
  ],
  'parallel calls, where they can not be switched off': [
    `${hi}, "parallel_tool_calls" : false`,
    hi,
    { quirks: { parallelToolCalls: false } },
    /^parallel_tool_calls dropped: up does not take it$/,
  ],
  'reasoning, as it was asked for': [
    `${hi}, "reasoning" : { "effort" : "xhigh" }`,
    `${hi}, "reasoning" : { "effort" : "xhigh" }`,
  ],
  'a level of reasoning that the upstream does not know': [
    `${hi}, "reasoning" : {"effort":"xhigh","summary":"auto"}`,
    `${hi}, "reasoning" : {"effort":"high","summary":"auto"}`,
    { quirks: { efforts: ['low', 'high'] } },
  ],
  'a model that does not reason': [
    `${hi}, "include" : ["reasoning.encrypted_content","x"], "reasoning" : {"effort":"low"}`,
    `${hi}, "include" : ["x"]`,
    { id: 'gpt-4o' },
    /^reasoning dropped: gpt-4o does not reason$/,
  ],
  'other things to include': [`${hi}, "include" : [ "x" ]`, `${hi}, "include" : [ "x" ]`, { id: 'gpt-4o' }],
});

const schema = { type: 'object', properties: { a: { type: 'string' } } };
const format = `, "text" : ${JSON.stringify({ format: { type: 'json_schema', name: 'x', schema }, verbosity: 'low' })}`;
const inWords = JSON.stringify(
  `Answer with one JSON value only, without any other text, that matches this JSON schema:\n${JSON.stringify(schema)}`,
);

testCases('openai-responses', {
  'a schema that the upstream takes': [`${hi}${format}`, `${hi}${format}`],
  'a schema in words': [
    `${hi}${format}`,
    `${hi}, "text" : {"verbosity":"low"},"instructions":${inWords}`,
    { quirks: { jsonSchema: 'prompt' } },
    /schema said in words/,
  ],
  'a schema in words, behind those of the client': [
    `, "instructions" : "Be kind."${hi}${format}`,
    `, "instructions" : "Be kind.\\n\\n${inWords.slice(1)}${hi}, "text" : {"verbosity":"low","format":{"type":"json_object"}}`,
    { quirks: { jsonSchema: 'json_object' } },
    /schema said in words/,
  ],
});

const long = `call_${'x'.repeat(80)}`;
/** 64 characters. */
const shortened = `call_${'x'.repeat(50)}_${shortHash(long)}`;
const image = { type: 'input_image', image_url: `data:image/png;base64,${png}`, detail: 'high' };
const file = { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` };
const inPlace = [
  { type: 'input_text', text: "[Image (image/png, 70 bytes) left out: the model real can't read images]" },
  {
    type: 'input_text',
    text: '[Document ("a.pdf", application/pdf, 15 bytes) left out: the model real can\'t read PDF documents]',
  },
];
const byId = { type: 'input_file', file_id: 'file-1' };
const asked = (call_id: string) => ({
  type: 'function_call',
  id: 'fc_1',
  call_id,
  name: 'look',
  arguments: '{}',
});
const answered = (call_id: string, output: unknown) => ({ type: 'function_call_output', call_id, output });

testCases('openai-responses', {
  'images and files that the model reads': [
    input({ role: 'user', content: [image, file] }),
    input({ role: 'user', content: [image, file] }),
  ],
  'images and files that the model does not read, in results too': [
    input(user, asked('c'), answered('c', [image, file]), { role: 'user', content: [image, file, byId] }),
    input(user, asked('c'), answered('c', inPlace), { role: 'user', content: [...inPlace, byId] }),
    { vision: false, pdf: false },
    /^image replaced by text: real can't read it\ndocument replaced by text/,
  ],
  'ids of calls that are too long, and their results': [
    input(user, asked(long), answered(long, 'a'), asked('call_2')),
    input(user, asked(shortened), answered(shortened, 'a'), asked('call_2')),
  ],
  'items that nobody here knows': [
    input(user, { type: 'item_reference', id: 'x' }, { type: 'compaction', encrypted_content: 'gAAAA' }),
    input(user, { type: 'item_reference', id: 'x' }, { type: 'compaction', encrypted_content: 'gAAAA' }),
    { vision: false },
  ],
});

const thought = (encrypted_content: string) => ({
  type: 'reasoning',
  id: 'rs_1',
  summary: [{ type: 'summary_text', text: 'hm' }],
  encrypted_content,
});
const { id: _, ...bare } = thought('gAAAA');
const { encrypted_content: __, ...unsigned } = bare;

testCases('openai-responses', {
  "reasoning of the upstream's own": [input(user, thought('gAAAA')), input(user, thought('gAAAA'))],
  'carried reasoning of this provider': [
    input(user, thought(carrySignature('up', wrapEncrypted('gAAAA')))),
    input(user, bare),
  ],
  'carried reasoning of this provider, not encrypted': [
    input(user, thought(carrySignature('up', ''))),
    input(user, unsigned),
    { quirks: { reasoningHistory: 'reasoning_content' } },
  ],
  'the same where no reasoning goes back': [input(user, thought(carrySignature('up', ''))), input(user)],
  'carried reasoning of another provider': [
    input(user, thought(carrySignature('other', wrapEncrypted('gAAAA')))),
    input(user),
    {},
    /^reasoning of other providers left out$/,
  ],
  "another provider's redacted thinking": [
    input(user, thought('redacted.EqQB')),
    input(user),
    {},
    /^reasoning of other providers left out$/,
  ],
});
