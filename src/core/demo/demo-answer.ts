// What the demo says. It is no model and never pretends to be one: every text is labelled, and the only thing it can
// do is call a shell or read tool once when the user asks for one, so that the whole way can be seen working.
import type { HubRequest } from '../dialects/hub.ts';
import { isObject } from '../json/values.ts';
import { permissionCheck, type Verdict } from '../routing/permission-check.ts';

export type DemoAnswer =
  | { kind: 'text'; text: string }
  | { kind: 'tool'; text: string; tool: string; input: Record<string, unknown> };

const refusals: Record<Verdict, string> = { block: '<block>yes', severity: '<severity>100</severity>' };

export const demoLabel = '[Switchyard demo]';

/** Chooses the answer for a Messages request. Never throws: odd shapes get the general text. */
export function demoAnswer(request: HubRequest): DemoAnswer {
  const format = schemaOf(request);
  if (format) return { kind: 'text', text: JSON.stringify(fillSchema(format)) };
  // Claude Code's permission check: the demo can't judge a command, so it must not let one pass.
  const verdict = permissionCheck(request);
  if (verdict !== undefined) return { kind: 'text', text: refusals[verdict] };

  const last = request.messages.findLast((message) => message.role === 'user');
  const result = toolResultText(last?.content);
  if (result !== undefined)
    return {
      kind: 'text',
      text: `${demoLabel} The tool ran and returned:\n\n${result.slice(0, 600)}\n\nSo tool calls work through the router. ${nextStep}`,
    };

  const prompt = textOf(last?.content);
  const shell = request.tools?.find((tool) => 'name' in tool && tool.name === 'Bash');
  if (shell && /\b(?:tool|files?|list|ls|run)\b|工具|文件/i.test(prompt))
    return {
      kind: 'tool',
      text: `${demoLabel} Calling a tool, as an example.`,
      tool: 'Bash',
      input: { command: 'ls', description: 'List the files of this folder' },
    };

  return {
    kind: 'text',
    text: `${demoLabel} This is not a model: the answer comes from inside Switchyard. Your request arrived (${request.messages.length} message(s), ${request.tools?.length ?? 0} tool(s)) and this text is streamed back the same way a provider's answer would be. ${nextStep} Ask me to "list the files" to see a tool call.`,
  };
}

const nextStep = 'Run "Switchyard: Add Provider…" in VS Code to put a real model behind this address.';

function schemaOf(request: HubRequest): Record<string, unknown> | undefined {
  const config = request.output_config;
  const format = isObject(config) ? config.format : undefined;
  return isObject(format) && isObject(format.schema) ? format.schema : undefined;
}

/** The smallest object that fits: strings are labelled, everything else is empty. */
function fillSchema(schema: Record<string, unknown>): Record<string, unknown> {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const entries = Object.entries(properties).map(([name, property]): [string, unknown] => {
    const type = isObject(property) ? property.type : undefined;
    if (type === 'array') return [name, []];
    if (type === 'object') return [name, {}];
    if (type === 'number' || type === 'integer') return [name, 0];
    return [name, type === 'boolean' ? false : 'Switchyard demo'];
  });
  return Object.fromEntries(entries);
}

function toolResultText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const result = content.find((block) => isObject(block) && block.type === 'tool_result');
  return isObject(result) ? textOf(result.content) : undefined;
}

/** The blocks' texts without Claude Code's reminders, which are not the user's words. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .flatMap((block) => (isObject(block) && typeof block.text === 'string' ? [block.text] : []))
    .filter((text) => !text.trimStart().startsWith('<system-reminder>'))
    .join('\n');
}
