// What can be said of a target as a whole, for those who only see its name in a list of models.
import type { RouterConfig } from '../config/router-config.ts';
import type { Target } from '../config/target.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { membersOf } from './candidates.ts';
import { isEmbeddingModel } from './model-kind.ts';

export interface TargetFacts {
  /** The smallest known context window, in tokens. */
  context?: number;
  /** The smallest known largest output, in tokens. */
  maxOutput?: number;
  /** Some member reads images: it is asked first when there are some. */
  vision: boolean;
  /** Some member reads PDFs. */
  pdf: boolean;
  /** All members take marks for prompt caching. */
  promptCaching: boolean;
  /** Turns texts into vectors. */
  embeds: boolean;
  /** Of the members, the first one's first. */
  dialects: readonly DialectId[];
}

export function factsOf(config: RouterConfig, target: Target): TargetFacts {
  const members = membersOf(config, target);
  const facts: TargetFacts = {
    vision: members.some(({ model }) => model.vision),
    pdf: members.some(({ model }) => model.pdf),
    promptCaching: members.every(
      ({ provider }) => provider.dialect === 'anthropic' || provider.quirks.cacheControl,
    ),
    embeds: members.length > 0 && members.every(({ model }) => isEmbeddingModel(model.id)),
    dialects: [...new Set(members.map(({ provider }) => provider.dialect))],
  };
  const context = smallest(members.map(({ model }) => model.context));
  if (context !== undefined) facts.context = context;
  const maxOutput = smallest(members.map(({ model }) => model.maxOutput));
  if (maxOutput !== undefined) facts.maxOutput = maxOutput;
  return facts;
}

function smallest(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((number) => number !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
