// Code that Google ran on its own side, and what came out, as text: no other client has a place for it.
import { type JsonObject, objectOf, textOf } from '../../json/values.ts';

/** '' for parts that are something else. */
export function codeText(part: JsonObject): string {
  const code = textOf(objectOf(part.executableCode)?.code);
  if (code !== undefined)
    return fenced(textOf(objectOf(part.executableCode)?.language)?.toLowerCase() ?? '', code);
  const output = textOf(objectOf(part.codeExecutionResult)?.output);
  return output === undefined ? '' : fenced('', output);
}

function fenced(language: string, text: string): string {
  return `\n\`\`\`${language}\n${text.replace(/\n$/, '')}\n\`\`\`\n`;
}
