// What the bench's upstream answers: in each dialect one whole answer and one stream with 64 pieces of text.

export const benchDialects = ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const;
export type BenchDialect = (typeof benchDialects)[number];

export interface CannedAnswer {
  whole: Buffer;
  /** One network write each. */
  frames: readonly Buffer[];
}

/** Pieces of text in a stream. */
export const streamChunks = 64;
const piece = 'lorem ipsum dolor ';
const inputTokens = 1000;

type Frame = [event: string, data: unknown];

export function answersOf(dialect: BenchDialect): CannedAnswer {
  const { whole, frames } = forms[dialect]();
  return {
    whole: Buffer.from(JSON.stringify(whole)),
    frames: frames.map(([event, data]) => {
      const name = event === '' ? '' : `event: ${event}\n`;
      return Buffer.from(`${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    }),
  };
}

const pieces = <T>(each: (index: number) => T): T[] =>
  Array.from({ length: streamChunks }, (_, i) => each(i));

const forms: Record<BenchDialect, () => { whole: unknown; frames: Frame[] }> = {
  anthropic() {
    const message = {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'bench-model',
      content: [] as unknown[],
      stop_reason: null as string | null,
      stop_sequence: null,
      usage: { input_tokens: inputTokens, output_tokens: 1 },
    };
    const frames: Frame[] = [
      ['message_start', { type: 'message_start', message }],
      [
        'content_block_start',
        { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ],
      ...pieces(
        (): Frame => [
          'content_block_delta',
          { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: piece } },
        ],
      ),
      ['content_block_stop', { type: 'content_block_stop', index: 0 }],
      [
        'message_delta',
        {
          type: 'message_delta',
          delta: { stop_reason: 'end_turn', stop_sequence: null },
          usage: { output_tokens: streamChunks * 4 },
        },
      ],
      ['message_stop', { type: 'message_stop' }],
    ];
    const content = [{ type: 'text', text: piece.repeat(4) }];
    return { whole: { ...message, content, stop_reason: 'end_turn' }, frames };
  },

  'openai-chat'() {
    const usage = {
      prompt_tokens: inputTokens,
      completion_tokens: streamChunks * 4,
      total_tokens: inputTokens + streamChunks * 4,
    };
    const base = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'bench-model' };
    const chunk = (delta: unknown, finish: string | null): Frame => [
      '',
      {
        ...base,
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta, finish_reason: finish }],
      },
    ];
    return {
      whole: {
        ...base,
        object: 'chat.completion',
        choices: [
          { index: 0, message: { role: 'assistant', content: piece.repeat(4) }, finish_reason: 'stop' },
        ],
        usage,
      },
      frames: [
        chunk({ role: 'assistant', content: '' }, null),
        ...pieces(() => chunk({ content: piece }, null)),
        chunk({}, 'stop'),
        ['', { ...base, object: 'chat.completion.chunk', choices: [], usage }],
        ['', '[DONE]'],
      ],
    };
  },

  'openai-responses'() {
    const text = piece.repeat(4);
    const item = (content: string, status: string) => ({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status,
      content: content === '' ? [] : [{ type: 'output_text', text: content, annotations: [] }],
    });
    const response = (status: string, output: unknown[], usage: unknown) => ({
      id: 'resp_1',
      object: 'response',
      created_at: 1_700_000_000,
      model: 'bench-model',
      status,
      output,
      usage,
    });
    const usage = {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: streamChunks * 4,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + streamChunks * 4,
    };
    const frame = (type: string, data: object): Frame => [type, { type, ...data }];
    const full = piece.repeat(streamChunks);
    const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
    return {
      whole: response('completed', [item(text, 'completed')], usage),
      frames: [
        frame('response.created', { response: response('in_progress', [], null) }),
        frame('response.output_item.added', { output_index: 0, item: item('', 'in_progress') }),
        frame('response.content_part.added', {
          ...place,
          part: { type: 'output_text', text: '', annotations: [] },
        }),
        ...pieces(() => frame('response.output_text.delta', { ...place, delta: piece })),
        frame('response.output_text.done', { ...place, text: full }),
        frame('response.content_part.done', {
          ...place,
          part: { type: 'output_text', text: full, annotations: [] },
        }),
        frame('response.output_item.done', { output_index: 0, item: item(full, 'completed') }),
        frame('response.completed', { response: response('completed', [item(full, 'completed')], usage) }),
      ],
    };
  },

  gemini() {
    const answer = (text: string, finish?: string) => ({
      candidates: [
        {
          content: { role: 'model', parts: [{ text }] },
          index: 0,
          ...(finish === undefined ? {} : { finishReason: finish }),
        },
      ],
      usageMetadata: {
        promptTokenCount: inputTokens,
        candidatesTokenCount: streamChunks * 4,
        totalTokenCount: inputTokens + streamChunks * 4,
      },
      modelVersion: 'bench-model',
      responseId: 'r1',
    });
    return {
      whole: answer(piece.repeat(4), 'STOP'),
      frames: [
        ...pieces((index): Frame => ['', answer(piece, index === streamChunks - 1 ? 'STOP' : undefined)]),
      ],
    };
  },
};
