import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchResultsText } from '../../../src/core/dialects/web-search-text.ts';

test('a search is told by its links, by its failure, or, without links, by no claim about what it found', () => {
  const of = (content: unknown) => searchResultsText({ type: 'web_search_tool_result', content });
  assert.equal(
    of([{ type: 'web_search_result', title: 'A', url: 'https://a' }]),
    '[Web search results]\n- A: https://a',
  );
  assert.equal(of({ error_code: 'max_uses_exceeded' }), '[Web search failed: max_uses_exceeded]');
  // Moonshot answers from what it found, and names none of it.
  assert.equal(of([]), '[Web search done; no links came with it]');
});
