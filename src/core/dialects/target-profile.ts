// The deployment that a request is written for.
import type { Quirks } from './quirks.ts';

/** What a converter needs to know of the deployment that it writes for. */
export interface TargetProfile {
  provider: string;
  model: string;
  quirks: Quirks;
  vision: boolean;
  pdf: boolean;
  /** Largest output in tokens, if known; `max_tokens` is lowered to it. */
  maxOutput?: number;
  /** Parameters sent unless the client sets them. */
  params: Readonly<Record<string, unknown>>;
  /** Drop request fields that the upstream does not know. */
  dropParams: boolean;
  /** False: the model does not reason, nothing is sent that asks for it. Unknown otherwise. */
  reasoning?: boolean;
  /** `dropped`: earlier thinking does not go back, whoever had it. */
  thinkingHistory?: 'dropped';
  /** How Anthropic's `thinking` may be switched on, where the model takes one way only. */
  thinkingType?: 'enabled' | 'adaptive';
  /** `plain`: tools' schemas are said with the few words that every upstream knows, the rest in their descriptions. */
  schemas?: 'plain';
  /** `folded`: system messages inside the conversation become texts of the user's turn. */
  systemMessages?: 'folded';
  /** `short`: tools' names are cut to 64 letters, digits, `_` and `-`, and mapped back in the answer. */
  toolNames?: 'short';
  /** Values of the header `anthropic-beta` that the upstream refuses; `all` = every one. */
  refusedBetas?: 'all' | readonly string[];
}
