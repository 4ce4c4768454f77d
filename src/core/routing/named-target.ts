// What serves a request that names its model and nothing else: embeddings and plain completions. No route stands in for
// a name that means nothing, because another model's answer would be worse than none.
import { ClientError } from '../client-error.ts';
import { clip } from '../clip.ts';
import type { RouterConfig } from '../config/router-config.ts';
import { formatTarget, type Target } from '../config/target.ts';
import type { DialectId } from '../dialects/dialect.ts';
import { candidatesOf, type Deployment, deploymentsOf } from './candidates.ts';
import type { RouteDecision } from './decide.ts';
import { isEmbeddingModel } from './model-kind.ts';
import { lookUpModel } from './names.ts';

/** What is asked for, and of whom it can be. */
export interface NamedUse {
  /** In words: `embeddings`. */
  what: 'embeddings' | 'completions';
  dialects: readonly DialectId[];
}

export interface NamedPlan<D> {
  decision: RouteDecision;
  dispatch: D;
  /** At least one. */
  candidates: Deployment[];
}

const shownNames = 8;

/**
 * Finds who serves `name`. `dispatchTo` puts a target's deployments in order.
 * Throws `ClientError`: 404 for unknown names, 400 where no provider of the target offers such a thing.
 */
export function planNamed<D extends { candidates: readonly Deployment[] }>(
  config: RouterConfig,
  name: string,
  use: NamedUse,
  dispatchTo: (target: Target) => D,
): NamedPlan<D> {
  const found = explicit(config, name) ?? listed(config, name);
  if (!found)
    throw new ClientError(
      404,
      'not_found_error',
      `There is no model "${clip(name)}" for ${use.what} here. ${offer(config, use)}`,
    );
  const { decision, also } = found;
  const dispatch = dispatchTo(decision.target);
  const all = [...dispatch.candidates, ...also];
  if (all.length === 0)
    throw new ClientError(404, 'not_found_error', `No enabled provider serves "${clip(name)}".`);
  const able = all.filter(({ provider }) => use.dialects.includes(provider.dialect));
  const [first] = able;
  if (!first) {
    const names = [...new Set(all.map(({ provider }) => `${provider.name} (${provider.dialect})`))];
    throw new ClientError(
      400,
      'invalid_request_error',
      `"${clip(name)}" leads to ${names.join(', ')}, which has no ${use.what}: a provider's \`dialect\` must be ${use.dialects.join(' or ')}. ${offer(config, use)}`,
    );
  }
  // Vectors of different models have nothing in common: mixed, they would spoil an index without a word.
  const candidates =
    use.what === 'embeddings'
      ? able.filter(({ model }) => plainName(model.id) === plainName(first.model.id))
      : able;
  return { decision, dispatch, candidates };
}

interface Found {
  decision: RouteDecision;
  /** Deployments besides those of the decision's target. */
  also: Deployment[];
}

function explicit(config: RouterConfig, name: string): Found | undefined {
  const match = lookUpModel(config, name);
  if (!match) return undefined;
  const reason =
    match.kind === 'alias'
      ? `${name} is an alias of ${formatTarget(match.target)}`
      : `the client asked for ${name}`;
  return { decision: decided(match.target, reason, match.hint === undefined ? [] : [match.hint]), also: [] };
}

/** A model's own name, as clients have it built in: all providers that list it, in the order of the file. */
function listed(config: RouterConfig, name: string): Found | undefined {
  const [first, ...others] = [...config.providers.values()].filter(
    ({ enabled, models }) => enabled && models.some(({ id }) => id === name),
  );
  return (
    first && {
      decision: decided(
        { kind: 'model', provider: first.name, model: name },
        `${first.name} lists ${name}`,
        [],
      ),
      also: others.flatMap((provider) => deploymentsOf(config, provider.name, name)),
    }
  );
}

function decided(target: Target, reason: string, hints: string[]): RouteDecision {
  return { route: 'explicit', target, reason, hints };
}

/** Hosts write the same model as `BAAI/bge-m3`, `bge-m3` and `bge-m3:latest`. */
function plainName(id: string): string {
  return id
    .slice(id.lastIndexOf('/') + 1)
    .replace(/:latest$/, '')
    .toLowerCase();
}

/** What would work, the likeliest first. */
function offer(config: RouterConfig, use: NamedUse): string {
  const names: string[] = [];
  for (const { name, enabled, dialect, models } of config.providers.values())
    if (enabled && use.dialects.includes(dialect)) names.push(...models.map(({ id }) => `${name}/${id}`));
  for (const group of config.groups.values())
    if (
      candidatesOf(config, { kind: 'group', group: group.name }).some(({ provider }) =>
        use.dialects.includes(provider.dialect),
      )
    )
      names.push(group.name);
  const fitting = names.filter((each) => isEmbeddingModel(each) === (use.what === 'embeddings'));
  const shown = (fitting.length > 0 ? fitting : names).slice(0, shownNames);
  if (shown.length === 0)
    return `No provider offers any: that takes one whose \`dialect\` is ${use.dialects.join(' or ')}.`;
  return `Name one of these: ${shown.join(', ')} (GET /v1/models lists all; unlisted ones are asked as provider/model).`;
}
