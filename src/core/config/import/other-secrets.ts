// What else of another program's file must not be copied, or would be lost: credentials beside the keys (in headers, in the
// address of a proxy, in parameters of requests), and variables that only that program's own files define.
import { isObject, type JsonObject, listOf } from '../../json/values.ts';
import { type Environment, fillText } from '../env-values.ts';
import type { Path } from '../source-node.ts';
import type { Tell } from './tell.ts';

const credentialName =
  /(?:^|[-_])(?:auth|authorization|token|secret|password|credentials?|(?:api|access|subscription)[-_]?key)$/i;

/** The data with a variable in the place of each credential beside the keys. Each is told; its value is not. */
export function withoutCredentials(data: unknown, tell: Tell): unknown {
  if (!isObject(data) || !isObject(data.providers)) return data;
  /** Value → the variable for it: several providers may share one. */
  const variables = new Map<string, string>();
  const providers = Object.entries(data.providers).map(([name, entry]) => [
    name,
    isObject(entry) ? cleanProvider(name, entry, variables, tell) : entry,
  ]);
  return { ...data, providers: Object.fromEntries(providers) };
}

/** Tells of the variables that a configuration uses beside its keys and that are not set here. */
export function tellUnset(data: unknown, env: Environment, tell: Tell): void {
  if (!isObject(data) || !isObject(data.providers)) return;
  for (const [name, entry] of Object.entries(data.providers)) {
    if (!isObject(entry)) continue;
    const { keys: _, ...rest } = entry;
    for (const [field, value] of Object.entries(rest))
      for (const used of fillText(JSON.stringify(value), env).absent)
        tell(
          ['providers', name, field],
          `uses the variable "${used}", which is not set outside of the other program's files: set it in your environment, or write its value here`,
        );
  }
}

function cleanProvider(
  name: string,
  entry: JsonObject,
  variables: Map<string, string>,
  tell: Tell,
): JsonObject {
  const path = ['providers', name];
  const result = { ...entry };
  const moved = (value: string, place: Path, field: string, what: string): string => {
    let used = variables.get(value);
    if (used === undefined) {
      used = `${name}_${field}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
      variables.set(value, used);
      tell(
        place,
        `${what} holds a credential, which stays out of the new file: set the variable ${used} to it`,
      );
    }
    return `\${env:${used}}`;
  };
  if (isObject(entry.headers))
    result.headers = mapEntries(entry.headers, (header, value) =>
      credentialName.test(header) && isLiteral(value)
        ? moved(value, [...path, 'headers', header], header, `the header ${header}`)
        : value,
    );
  if (isLiteral(entry.proxy) && /\/\/[^/@]+@/.test(entry.proxy))
    result.proxy = moved(entry.proxy, [...path, 'proxy'], 'proxy', 'the address of the proxy');
  if (Array.isArray(entry.models))
    result.models = listOf(entry.models).map((model, at) =>
      isObject(model) && isObject(model.params)
        ? { ...model, params: withoutSecretParams(model.params, [...path, 'models', at, 'params'], tell) }
        : model,
    );
  return result;
}

/** Parameters go into the body, where no variable is read. */
function withoutSecretParams(params: JsonObject, path: Path, tell: Tell): JsonObject {
  const kept = Object.entries(params).filter(([name, value]) => {
    const secret = credentialName.test(name) && isLiteral(value);
    if (secret) tell([...path, name], `the parameter ${name} holds a credential; it is left out`);
    return !secret;
  });
  return Object.fromEntries(kept);
}

function isLiteral(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && fillText(value, {}).absent.length === 0;
}

function mapEntries(object: JsonObject, change: (name: string, value: unknown) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(name, value)]));
}
