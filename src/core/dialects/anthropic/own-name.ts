// Tool calls of an answer under the names that the client gave its tools.
import type { JsonObject } from '../../json/values.ts';
import type { AnswerMemory } from '../dialect.ts';

/** `block` itself unless it calls a tool whose name was shortened for the upstream. */
export function withOwnName(block: JsonObject, { toolNames }: AnswerMemory): JsonObject {
  if (block.type !== 'tool_use' || typeof block.name !== 'string') return block;
  const name = toolNames.get(block.name);
  return name === undefined ? block : { ...block, name };
}
