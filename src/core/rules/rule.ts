// Rules of the user's own: what they ask of a request, and what they decide.
import type { Effort, RouteName } from '../config/route-names.ts';
import type { Target } from '../config/target.ts';

/** What a condition may ask. Whatever costs something is a function. */
export interface RuleFacts {
  /** The model that the client asked for; '' when it named none. */
  model: string;
  /** main, subagent, workflow, compaction, auxiliary, side_reply; undefined for clients that don't say. */
  requestClass?: string;
  agentType?: string;
  effort?: Effort;
  /** The last user turn holds an image or document. */
  image: boolean;
  /** Which of `clients` asks; undefined for the main token. */
  clientName?: string;
  /** Folder of the client's workspace, with forward slashes. */
  workspace?: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Estimated input tokens; counted at the first call. */
  tokens(): number;
  /** No request of this size has more tokens. */
  mostTokens: number;
  toolNames(): readonly string[];
  /** A header's value; `name` in lower case. */
  header(name: string): string | undefined;
  /** What the user wrote last, without tool results and the client's own reminders. */
  lastText(): string;
}

/** Why a request meets a condition, in words; undefined when it doesn't. */
export type Condition = (facts: RuleFacts) => string | undefined;

export interface RuleConfig {
  /** As in reasons: its name, or its place such as `rules[2]`. */
  name: string;
  /** All must hold; cheap ones first. */
  conditions: readonly Condition[];
  /** Where matching requests go: a target, or whatever serves another route. */
  to: Target | { kind: 'route'; route: RouteName };
  /** Replaces the effort that the client asked for. */
  effort?: Effort;
  /** One of the conditions is about the client's workspace. */
  asksWorkspace?: boolean;
}

/** Why all conditions hold, in words; undefined when one doesn't. */
export function whyAll(conditions: readonly Condition[], facts: RuleFacts): string[] | undefined {
  const words: string[] = [];
  for (const condition of conditions) {
    const why = condition(facts);
    if (why === undefined) return undefined;
    words.push(why);
  }
  return words;
}
