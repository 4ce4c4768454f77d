// Leaves fields out of a request's body, named by their paths. Paths are written as providers write them in their
// refusals, so that a refusal can be obeyed as it stands.
import { changedItems, without } from '../json/edits.ts';
import { isObject, type JsonObject } from '../json/values.ts';

/**
 * `body` without the fields that `paths` name; `body` itself when it has none of them. Never changes `body`.
 * A path is a top-level name or names joined by dots, `[]` for every item of a list: `thinking.display`,
 * `tools[].defer_loading`. `*.name` means the name at any depth. A step that the body does not have is passed over
 * (validators name the variant of a union there), and a name may be in the other spelling (`reasoningEffort`,
 * `generation_config`).
 * @param found gets the paths of which something was left out
 */
export function withoutFields(
  body: JsonObject,
  paths: readonly string[],
  found: Set<string> = new Set(),
): JsonObject {
  let result = body;
  for (const path of paths) {
    const next = path.startsWith('*.')
      ? withoutAnywhere(result, path.slice(2))
      : withoutPath(result, stepsOf(path));
    if (next === result) continue;
    found.add(path);
    result = next as JsonObject;
  }
  return result;
}

const everyItem = '[]';

function stepsOf(path: string): string[] {
  return path
    .replaceAll('[]', `.${everyItem}`)
    .split('.')
    .filter((step) => step !== '');
}

function withoutPath(value: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const below = step === everyItem ? rest : steps;
    return changedItems(value, (item) => withoutPath(item, below));
  }
  if (!isObject(value)) return value;
  const key = spelling(value, step);
  if (key === undefined) return withoutPath(value, rest);
  if (rest.length === 0) return without(value, [key]);
  const inner = withoutPath(value[key], rest);
  if (inner === value[key]) return value;
  // An object that only held what was refused says nothing any more, and some upstreams refuse empty ones.
  return isObject(inner) && Object.keys(inner).length === 0
    ? without(value, [key])
    : { ...value, [key]: inner };
}

function withoutAnywhere(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return changedItems(value, (item) => withoutAnywhere(item, name));
  if (!isObject(value)) return value;
  let result = without(value, [name]);
  for (const [key, inner] of Object.entries(result)) {
    const next = withoutAnywhere(inner, name);
    if (next !== inner) result = { ...result, [key]: next };
  }
  return result;
}

function spelling(value: JsonObject, step: string): string | undefined {
  if (Object.hasOwn(value, step)) return step;
  const camel = step.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (Object.hasOwn(value, camel)) return camel;
  const snake = step.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(value, snake) ? snake : undefined;
}
