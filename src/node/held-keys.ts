// Stored keys that the configuration would send to a place that they were not entered for. They are not sent.
import { keyPlace } from '../core/config/key-place.ts';
import type { Problem } from '../core/config/problem.ts';
import { ProblemList } from '../core/config/problem-list.ts';
import type { RouterConfig } from '../core/config/router-config.ts';
import { type MapNode, nodeAt, nodeToData, type Path } from '../core/config/source-node.ts';
import { isObject, listOf } from '../core/json/values.ts';
import type { SecretBox } from './secret-box.ts';

export interface HeldKey {
  reference: string;
  /** Where it would go; see `keyPlace`. */
  place: string;
  /** The places that it was entered for. */
  entered: readonly string[];
  /** At the line of the key. */
  problem: Problem;
}

/** The keys of all providers that are switched on. `root`: the file that `config` was made from. */
export function heldKeys(config: RouterConfig, root: MapNode, secrets: SecretBox): HeldKey[] {
  const list = new ProblemList();
  return [...config.providers.values()].flatMap((provider) =>
    !provider.enabled
      ? []
      : provider.keys.flatMap(({ reference }): HeldKey[] => {
          const entered = secrets.held(reference, provider.baseUrl);
          if (entered === undefined) return [];
          const message = explainKey(secrets, reference, provider.baseUrl);
          list.add('warning', root, pathOf(root, provider.name, reference), `${message}; ${remedy}`);
          const problem = list.problems.at(-1);
          return problem ? [{ reference, place: keyPlace(provider.baseUrl), entered, problem }] : [];
        }),
  );
}

const remedy =
  'it is not sent. If that is what you want, allow it when the editor asks, or enter the key again (Switchyard: Set Key…)';

/** Why there is no key for calls to `baseUrl`, in words. */
export function explainKey(secrets: SecretBox, reference: string, baseUrl: string): string {
  const entered = secrets.held(reference, baseUrl);
  if (entered === undefined) return `${reference} is not set`;
  const places = entered.length === 0 ? 'an unknown host' : entered.join(' and ');
  return `${reference} was entered for ${places}; this would send it to ${keyPlace(baseUrl)}`;
}

function pathOf(root: MapNode, provider: string, reference: string): Path {
  const path = ['providers', provider, 'keys'];
  const written = nodeToData(nodeAt(root, path));
  if (!Array.isArray(written)) return path;
  const index = listOf(written).findIndex((entry) => {
    const text = isObject(entry) ? entry.key : entry;
    return typeof text === 'string' && text.trim() === reference;
  });
  return index < 0 ? path : [...path, index];
}
