// The smallest MCP server (JSON-RPC, one message per line): one tool with a long name and a schema full of corners.
import { createInterface } from 'node:readline';

const tool = {
  name: 'a_tool_whose_name_is_much_longer_than_the_sixty_four_characters_that_others_allow',
  description: 'Echoes.',
  inputSchema: {
    type: 'object',
    properties: {
      text: { type: 'string', format: 'uri-reference' },
      more: { anyOf: [{ type: 'integer' }, { $ref: '#/$defs/list' }] },
    },
    required: ['text'],
    $defs: { list: { type: 'array', items: { type: 'string' } } },
  },
};

const results = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'echo', version: '1' },
  }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': ({ arguments: input }) => ({ content: [{ type: 'text', text: `echo ${input.text}` }] }),
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const result = results[method]?.(params) ?? {};
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
});
