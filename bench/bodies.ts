// Requests in the shape of Claude Code's: system blocks, tools, a conversation of text, tool calls and results.

export interface BenchRequest {
  /** JSON bytes of an Anthropic Messages request. */
  body: Buffer;
  stream: boolean;
}

/** Prose and code in the mix of a coding session; about 4 bytes a token. */
const passage = [
  'The function reads the configuration file, checks every field and returns the problems with their places. ',
  'export function readConfig(path: string): Result {\n  const text = readFileSync(path, "utf8");\n  return parse(text);\n}\n',
  'When the file is missing, the defaults apply; see `src/config/defaults.ts` for the list and docs/configuration.md.\n',
].join('');

const tools = ['Bash', 'Edit', 'Read'].map((name) => ({
  name,
  description: `${name}: ${passage}`,
  input_schema: {
    type: 'object',
    properties: { path: { type: 'string', description: 'A path' }, text: { type: 'string' } },
    required: ['path'],
  },
}));

/** Text of about `bytes` bytes. */
export function textOf(bytes: number): string {
  return passage.repeat(Math.ceil(bytes / passage.length)).slice(0, bytes);
}

/** One turn of a tool loop: a call and its result of about `bytes` bytes. */
export function toolTurn(index: number, bytes: number): unknown[] {
  const id = `toolu_${String(index).padStart(6, '0')}`;
  return [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: `Step ${index}: I read the file.` },
        { type: 'tool_use', id, name: 'Read', input: { path: `src/file-${index}.ts` } },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: textOf(bytes) }] },
  ];
}

/** A request around `messages`, of the session with this number. */
export function requestOf(messages: readonly unknown[], session: number, stream: boolean): BenchRequest {
  const body = {
    model: 'claude-sonnet-5-5',
    max_tokens: 1024,
    system: [{ type: 'text', text: 'You are a coding agent.' }],
    tools,
    metadata: { user_id: JSON.stringify({ session_id: sessionId(session) }) },
    messages,
    stream,
  };
  return { body: Buffer.from(JSON.stringify(body)), stream };
}

/** A conversation of about `bytes` bytes that no router has seen before: each `session` is a new one. */
export function conversation(bytes: number, session: number, stream = false): BenchRequest {
  const messages: unknown[] = [{ role: 'user', content: `Task ${session}: tidy up.` }];
  const turn = 6_000;
  for (let index = 0; index * turn < bytes; index++)
    messages.push(...toolTurn(index, Math.min(turn, Math.max(64, bytes - index * turn - 600))));
  return requestOf(messages, session, stream);
}

/** A plain question, without a conversation. */
export function question(session: number, stream: boolean): BenchRequest {
  return requestOf([{ role: 'user', content: `Question ${session}: what is this?` }], session, stream);
}

export function sessionId(session: number): string {
  return `00000000-0000-4000-8000-${String(session).padStart(12, '0')}`;
}
