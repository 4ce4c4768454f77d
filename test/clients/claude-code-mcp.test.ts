// Tools that Claude Code gets from an MCP server: names and schemas that not every upstream takes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openAiBody, text, toolCalls } from '../tools/scripted-upstream.ts';
import { dialects, startBench } from './bench.ts';
import { seen } from './seen.ts';

const server = fileURLToPath(new URL('mcp-server.mjs', import.meta.url));
const longName =
  'mcp__echo__a_tool_whose_name_is_much_longer_than_the_sixty_four_characters_that_others_allow';

for (const dialect of dialects)
  test(`${dialect}: a tool with a long name is offered, called and answered`, async () => {
    await using bench = await startBench({ dialect });
    const config = { mcpServers: { echo: { command: process.execPath, args: [server] } } };
    const file = await bench.claude.write('mcp.json', JSON.stringify(config));
    bench.upstream.answer((request) => {
      const tool = seen(request).tools.find((name) => name.startsWith('mcp__echo')) ?? 'missing';
      return toolCalls({ tool, input: { text: 'ping' }, id: 'call_1' });
    }, text('Echoed.'));
    const run = await bench.claude.run('Echo it', {
      args: ['--mcp-config', file],
      env: { ENABLE_TOOL_SEARCH: 'false' },
    });
    assert.equal(run.text, 'Echoed.');
    assert.deepEqual(bench.upstream.refusals, []);
    const [first, second] = bench.upstream.messages;
    assert.ok(first && second);
    assert.match(seen(second).results.get('call_1') ?? '', /echo ping/);
    const offered = seen(first).tools.filter((name) => name.startsWith('mcp__'));
    assert.equal(offered.length, 1);
    assert.deepEqual(
      seen(second).calls.map((call) => call.name),
      offered,
    );
    if (dialect === 'anthropic') return assert.deepEqual(offered, [longName]);
    const tool = openAiBody(first).tools?.find(
      (entry) => entry.type === 'function' && entry.function.name === offered[0],
    );
    assert.ok(tool?.type === 'function');
    assert.partialDeepStrictEqual(tool.function.parameters, {
      properties: { text: { type: 'string' } },
      required: ['text'],
    });
  });
