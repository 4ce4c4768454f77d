// Bodies as Claude Code 2.1.330 sends them, shortened: the shapes were measured, the texts are ours.

import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { plainQuirks, type Quirks } from '../../../src/core/dialects/quirks.ts';
import type { TargetProfile } from '../../../src/core/dialects/target-profile.ts';

/** The smallest PNG, and the beginning of a PDF. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const pdf = 'JVBERi0xLjQKJeLjz9MK';

const ephemeral = { type: 'ephemeral' };

export function tool(name: string, properties: Record<string, unknown> = {}, more: object = {}) {
  return {
    name,
    description: `Does ${name}.`,
    input_schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties,
      required: Object.keys(properties),
      additionalProperties: false,
    },
    ...more,
  };
}

/** The first request of a session: a new-style model or any unknown id. */
export function mainRequest(more: object = {}): HubRequest {
  return {
    model: 'claude-opus-5-5',
    max_tokens: 32_000,
    stream: true,
    system: [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=cli;' },
      { type: 'text', text: 'You are Claude Code.', cache_control: ephemeral },
      { type: 'text', text: 'Long instructions.', cache_control: ephemeral },
    ],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>Skills.</system-reminder>' },
          { type: 'text', text: '<system-reminder>CLAUDE.md.</system-reminder>' },
          { type: 'text', text: 'List the files.' },
        ],
      },
      { role: 'system', content: [{ type: 'text', text: '# Environment', cache_control: ephemeral }] },
    ],
    tools: [
      tool('Bash', { command: { type: 'string' } }),
      tool('Read', { file_path: { type: 'string' } }),
      tool('ToolSearch', { query: { type: 'string' } }),
      {
        name: 'DeferredToolPlaceholder',
        description: '',
        input_schema: { type: 'object', properties: {} },
        defer_loading: true,
      },
      tool('WebSearch', { query: { type: 'string' } }, { defer_loading: true }),
    ],
    thinking: { type: 'adaptive', display: 'omitted' },
    output_config: { effort: 'medium' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    metadata: {
      user_id: JSON.stringify({
        device_id: 'd'.repeat(64),
        account_uuid: '',
        session_id: '0f0e0d0c-0000-4000-8000-000000000001',
      }),
    },
    ...more,
  } as HubRequest;
}

/** The same with a tool loop behind it. */
export function toolLoopRequest(more: object = {}): HubRequest {
  const first = mainRequest();
  return {
    ...first,
    messages: [
      ...first.messages,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'I should look.', signature: 'sy1.up.' },
          { type: 'text', text: 'I look at two things.' },
          { type: 'tool_use', id: 'functions.Bash:0', name: 'Bash', input: { command: 'ls' } },
          { type: 'tool_use', id: 'toolu_2', name: 'Read', input: { file_path: '/a.png' } },
        ],
      },
      { role: 'system', content: 'The user has switched to plan mode.' },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'toolu_2',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }],
          },
          {
            type: 'tool_result',
            tool_use_id: 'functions.Bash:0',
            is_error: true,
            content: 'no such directory',
          },
          { type: 'text', text: 'Go on.', cache_control: ephemeral },
        ],
      },
    ],
    ...more,
  } as HubRequest;
}

export function target(quirks: Partial<Quirks> = {}, more: Partial<TargetProfile> = {}): TargetProfile {
  return {
    provider: 'up',
    model: 'upstream-model',
    quirks: { ...plainQuirks, ...quirks },
    vision: true,
    pdf: true,
    params: {},
    dropParams: true,
    ...more,
  };
}
