// A check of Responses requests as strict as OpenAI's own API, and DeepSeek's where that is stricter.
import assert from 'node:assert/strict';

type Json = Record<string, unknown>;

const topLevel = new Set(
  `model input instructions max_output_tokens temperature top_p stream reasoning include tools tool_choice
   parallel_tool_calls text prompt_cache_key store truncation user top_logprobs max_tool_calls`.split(/\s+/),
);

/** Throws an `AssertionError` that names what the API would refuse. */
export function checkResponsesRequest(body: Json): void {
  for (const key of Object.keys(body)) assert.ok(topLevel.has(key), `unknown parameter ${key}`);
  assert.equal(typeof body.model, 'string');
  assert.equal(body.store, false);
  if (body.max_output_tokens !== undefined) assert.ok(Number(body.max_output_tokens) >= 16);
  const input = body.input as Json[];
  assert.ok(Array.isArray(input) && input.length > 0, 'input is not empty');
  checkItems(input);
  checkTools(body);
  const format = (body.text as { format?: Json } | undefined)?.format;
  if (format?.type === 'json_schema') for (const key of ['name', 'schema']) assert.ok(key in format, key);
}

function checkItems(input: readonly Json[]): void {
  const calls = new Set<unknown>();
  let open: unknown[] = [];
  for (const [at, item] of input.entries()) {
    const place = `input[${at}]`;
    if (item.type !== 'function_call_output' && item.type !== 'function_call')
      assert.deepEqual(open, [], `${place}: no tool output found for ${open}`);
    switch (item.type) {
      case 'message':
        assert.ok(item.role === 'user' || item.role === 'assistant', `${place}.role`);
        checkContent(item.content, place);
        break;
      case 'reasoning':
        assert.ok(!('id' in item), `${place}: nothing is stored under an id`);
        assert.ok(Array.isArray(item.summary));
        assert.ok(typeof item.encrypted_content === 'string' || Array.isArray(item.content));
        break;
      case 'function_call':
        assert.match(String(item.name), /^[a-zA-Z0-9_-]{1,64}$/);
        assert.ok(typeof item.call_id === 'string' && item.call_id.length <= 64 && item.call_id !== '');
        assert.ok(!calls.has(item.call_id), `${place}: call ids are unique`);
        assert.equal(typeof JSON.parse(String(item.arguments)), 'object');
        calls.add(item.call_id);
        open.push(item.call_id);
        break;
      case 'function_call_output':
        assert.ok(open.includes(item.call_id), `${place}: no tool call found for ${item.call_id}`);
        open = open.filter((id) => id !== item.call_id);
        checkContent(item.output, place);
        break;
      default:
        assert.fail(`${place}.type ${item.type}`);
    }
  }
  assert.deepEqual(open, [], 'each call has its output');
}

function checkContent(content: unknown, place: string): void {
  if (typeof content === 'string') {
    assert.notEqual(content, '', `${place}: empty content`);
    return;
  }
  assert.ok(Array.isArray(content) && content.length > 0, `${place}: content`);
  for (const part of content as Json[]) {
    if (part.type === 'input_text') assert.ok(typeof part.text === 'string' && part.text !== '');
    else if (part.type === 'input_image') assert.match(String(part.image_url), /^(?:data:image\/|https?:)/);
    else if (part.type === 'input_file') {
      if (part.file_url === undefined) {
        assert.equal(typeof part.filename, 'string');
        assert.match(String(part.file_data), /^data:application\/pdf;base64,/);
      }
    } else assert.fail(`${place}: part ${part.type}`);
  }
}

function checkTools(body: Json): void {
  const { tools, tool_choice: choice } = body as { tools?: Json[]; tool_choice?: unknown };
  if (tools === undefined) {
    assert.equal(choice, undefined);
    assert.equal(body.parallel_tool_calls, undefined);
    return;
  }
  assert.ok(tools.length > 0, 'an empty list of tools is left out');
  const names = tools.flatMap((tool) => (tool.type === 'function' ? [tool.name] : []));
  assert.equal(new Set(names).size, names.length, 'names are unique');
  for (const tool of tools) {
    if (tool.type === 'web_search') continue;
    assert.equal(tool.type, 'function');
    assert.equal(tool.strict, false);
    assert.equal((tool.parameters as Json).type, 'object');
  }
  if (typeof choice === 'object' && choice !== null) assert.ok(names.includes((choice as Json).name));
}
