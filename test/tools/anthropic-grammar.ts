// The grammar of an Anthropic stream, strictly: what the official clients rely on, also where they would forgive.
import assert from 'node:assert/strict';
import type { HubEvent } from '../../src/core/dialects/hub.ts';

export interface GrammarOptions {
  /**
   * A converter wrote the stream, so it must also be tidy: no empty pieces, no blank blocks, each thinking block signed.
   * Real providers' streams are not.
   */
  converted: boolean;
}

const deltaTypes: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
  mcp_tool_use: ['input_json_delta'],
  compaction: ['compaction_delta'],
};

/** Throws an `AssertionError` that names the event which breaks the grammar. */
export function checkGrammar(events: readonly HubEvent[], options: GrammarOptions): void {
  const checker = new GrammarChecker(options);
  for (const [at, event] of events.entries()) {
    try {
      checker.push(event);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      assert.fail(`event ${at} ${JSON.stringify(event).slice(0, 300)}: ${reason}`);
    }
  }
  checker.end();
}

class GrammarChecker {
  readonly #converted: boolean;
  #phase: 'before' | 'blocks' | 'delta' | 'stop' | 'error' = 'before';
  #open: { type: string; text: string; signed: boolean } | undefined;
  #index = 0;
  readonly #ids = new Set<string>();

  constructor(options: GrammarOptions) {
    this.#converted = options.converted;
  }

  push(event: HubEvent): void {
    assert.notEqual(this.#phase, 'stop', 'nothing follows message_stop');
    assert.notEqual(this.#phase, 'error', 'nothing follows an error');
    switch (event.type) {
      case 'ping':
        return;
      case 'error':
        assert.equal(typeof event.error.type, 'string');
        assert.equal(typeof event.error.message, 'string');
        assert.notEqual(event.error.message, '', 'an error has a message');
        this.#phase = 'error';
        return;
      case 'message_start':
        assert.equal(this.#phase, 'before', 'one message_start, first');
        assert.deepEqual(event.message.content, []);
        assert.equal(event.message.role, 'assistant');
        assert.equal(typeof event.message.usage.input_tokens, 'number');
        this.#phase = 'blocks';
        return;
      case 'content_block_start':
        this.#start(event.index, event.content_block);
        return;
      case 'content_block_delta':
        this.#delta(event.index, event.delta as unknown as Record<string, unknown>);
        return;
      case 'content_block_stop':
        this.#stop(event.index);
        return;
      case 'message_delta':
        assert.equal(this.#phase, 'blocks', 'one message_delta, after the blocks');
        assert.equal(this.#open, undefined, 'all blocks are closed before message_delta');
        assert.equal(typeof event.usage.output_tokens, 'number');
        assert.equal(typeof event.delta.stop_reason, 'string');
        this.#phase = 'delta';
        return;
      case 'message_stop':
        assert.equal(this.#phase, 'delta', 'message_stop follows message_delta');
        this.#phase = 'stop';
        return;
    }
  }

  end(): void {
    assert.ok(
      this.#phase === 'stop' || this.#phase === 'error',
      'a stream ends with message_stop or with an error',
    );
  }

  #start(index: number, block: { type: string; id?: unknown; input?: unknown }): void {
    assert.equal(this.#phase, 'blocks', 'blocks come between message_start and message_delta');
    assert.equal(this.#open, undefined, 'one block at a time');
    assert.equal(index, this.#index, 'blocks are counted from 0');
    this.#open = { type: block.type, text: '', signed: false };
    if (!block.type.endsWith('tool_use')) return;
    assert.equal(typeof block.id, 'string');
    assert.ok(!this.#ids.has(String(block.id)), 'ids of calls are unique');
    this.#ids.add(String(block.id));
    if (this.#converted) assert.deepEqual(block.input, {}, 'input arrives by deltas');
  }

  #delta(index: number, delta: Record<string, unknown>): void {
    assert.ok(this.#open, 'a delta belongs to an open block');
    assert.equal(index, this.#index, 'a delta belongs to the open block');
    const { type } = this.#open;
    assert.ok(deltaTypes[type]?.includes(String(delta.type)), `${delta.type} does not fit a ${type} block`);
    const piece = delta.text ?? delta.thinking ?? delta.partial_json;
    if (typeof piece === 'string') {
      assert.ok(!this.#open.signed, 'nothing follows the signature');
      if (this.#converted) assert.notEqual(piece, '', 'no empty pieces');
      this.#open.text += piece;
    }
    if (delta.type !== 'signature_delta') return;
    assert.ok(!this.#open.signed, 'one signature per block');
    this.#open.signed = true;
  }

  #stop(index: number): void {
    assert.ok(this.#open, 'only an open block is closed');
    assert.equal(index, this.#index, 'the open block is closed');
    const { type, text, signed } = this.#open;
    if (this.#converted) {
      if (type === 'text') assert.notEqual(text.trim(), '', 'no blank text block');
      if (type === 'thinking') assert.ok(signed, 'thinking is signed');
    }
    this.#open = undefined;
    this.#index++;
  }
}
