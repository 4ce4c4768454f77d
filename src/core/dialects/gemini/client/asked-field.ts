// Reading a client's request. Google's servers take every field in two spellings: clients write `inlineData`, examples
// for the command line `inline_data`.
import { ClientError } from '../../../client-error.ts';
import { isObject, type JsonObject } from '../../../json/values.ts';

/** @param name in camel case; null counts as absent */
export function fieldOf(object: JsonObject, name: string): unknown {
  return object[name] ?? object[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] ?? undefined;
}

/** The spelling in which the object has the field; the camel case where it has it in none. */
export function spelling(object: JsonObject, name: string): string {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return !(name in object) && snake in object ? snake : name;
}

/** The field if it is there. Throws `ClientError` when it is no object. */
export function objectField(object: JsonObject, name: string, place: string): JsonObject | undefined {
  const value = fieldOf(object, name);
  if (value !== undefined && !isObject(value))
    throw refused(`Invalid value at '${place}': expected an object`);
  return value;
}

/**
 * The field's objects, none when it is absent; an object alone stands for a list of one, as in Google's own examples.
 * Throws `ClientError` when it is something else.
 */
export function objectsField(object: JsonObject, name: string, place: string): JsonObject[] {
  const value = fieldOf(object, name) ?? [];
  if (isObject(value)) return [value];
  if (!Array.isArray(value) || !value.every(isObject))
    throw refused(`Invalid value at '${place}': expected a list of objects`);
  return value;
}

/** @param message in Google's wording */
export function refused(message: string): ClientError {
  return new ClientError(400, 'invalid_request_error', message);
}
