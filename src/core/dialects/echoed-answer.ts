// One answer from those that an upstream gave between echoes of its own tool.
import type { Random } from '../clock.ts';
import { objectOf } from '../json/values.ts';
import type { AnswerMemory, EchoedTool } from './dialect.ts';
import type { HubContentBlock, HubMessage } from './hub.ts';
import { searchBlocks } from './search-blocks.ts';
import { hubUsage, promptUsage } from './usage.ts';

/**
 * What all rounds said, in order, each search as Anthropic's blocks, and the sum of their usage. Calls that were not
 * sent back any more are left out; when nothing else was left to do, the answer says that it was paused.
 * @param rounds the answers, at least one; all but the last were followed by an echo
 */
export function echoedAnswer(
  rounds: readonly [HubMessage, ...HubMessage[]],
  { name }: EchoedTool,
  { webSearchQuery = '' }: AnswerMemory,
  random: Random,
): HubMessage {
  const last = rounds.at(-1) ?? rounds[0];
  // Sources that the provider tells were made into blocks already.
  const told = rounds.some(({ content }) => content.some(({ type }) => type === 'web_search_tool_result'));
  const content = rounds.flatMap((round) =>
    round.content.flatMap((block): HubContentBlock[] => {
      if (!isCall(block, name)) return [block];
      return round === last || told ? [] : searchBlocks(random.id('srvtoolu_'), webSearchQuery, []);
    }),
  );
  const paused = last.stop_reason === 'tool_use' && !content.some(({ type }) => type === 'tool_use');
  return {
    ...last,
    content,
    stop_reason: paused ? 'pause_turn' : last.stop_reason,
    usage: summedUsage(rounds, content.filter(({ type }) => type === 'server_tool_use').length),
  };
}

function isCall(block: HubContentBlock, name: string): boolean {
  return block.type === 'tool_use' && block.name === name;
}

function summedUsage(rounds: readonly HubMessage[], webSearches: number): HubMessage['usage'] {
  const sum = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  let thinking = 0;
  for (const { usage } of rounds) {
    const { input, cached, written, output, reasoning } = promptUsage(objectOf(usage));
    sum.input += input - cached - written;
    sum.output += output;
    sum.cacheRead += cached;
    sum.cacheWrite += written;
    thinking += reasoning;
  }
  return hubUsage(sum, { thinking, webSearches });
}
