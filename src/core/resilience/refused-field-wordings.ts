// Refusals that name a field, in the words of many validators: the field is left out. Whatever the field is, the
// upstream can do without it, or it would not have refused it; what it can't do without is listed.
import type { Mending, RefusalRow } from './refusal-row.ts';

/** A field's name or path, as it stands between quotes or at the beginning of a line. */
const path = '[\\w$][\\w.$\\[\\]-]{0,150}';
const quoted = `['"\`]?(${path}?)['"\`]?`;
const ends = '(?:[\\s,:]|\\.(?:\\s|$)|$)';

function row(wording: string, also?: readonly number[]): RefusalRow {
  const expression = new RegExp(wording, 'i');
  const all = new RegExp(wording, 'gi');
  return {
    wording: expression,
    mend: (_, text) => dropped(Array.from(text.matchAll(all), (match) => match.slice(1).find(Boolean) ?? '')),
    ...(also === undefined ? {} : { also }),
  };
}

export const fieldRefusals: RefusalRow[] = [
  // Anthropic: one of two that exclude each other.
  {
    wording: /`?temperature`? and `?top_p`? cannot both be/i,
    mend: () => dropped(['top_p']),
  },
  // Google: `Unknown name "x" at 'generation_config': Cannot find field.`
  {
    wording: /unknown name "[^"\n]{1,80}"/i,
    mend: (_, text) =>
      dropped(
        Array.from(
          text.matchAll(/unknown name "([^"\n]{1,80})"(?: at '([^'\n]{0,200})')?/gi),
          ([, name = '', place = '']) => (place === '' ? name : `${place}.${name}`),
        ),
      ),
  },
  // Pydantic: Anthropic, Mistral, FastAPI servers; Fireworks names the field behind.
  row(`extra inputs are not permitted, field: ['"\`](${path})['"\`]`),
  row(`(${path}): extra (?:inputs|fields) (?:are )?not permitted`),
  // OpenAI, Azure, xAI, OpenRouter (what the provider behind it said).
  row(
    `(?:unsupported|unknown|unrecognized|unexpected|invalid) (?:parameter|argument|field|property)s?:? ${quoted}${ends}`,
  ),
  row(`unsupported value: ${quoted} does not support`),
  row(`unrecognized request arguments? supplied: ${quoted}${ends}`),
  // LiteLLM.
  {
    wording: /does not support parameters: ?[[{(]/i,
    mend(match, text) {
      const list = text.slice(match.index, match.index + 400).replace(/\bfor model\b.*/is, '');
      return dropped(Array.from(list.matchAll(/['"](\w{2,60})['"]/g), ([, name = '']) => name));
    },
  },
  // DeepSeek, xAI.
  row(`(?:does not|doesn't) support (?:the )?(?:parameter|argument|field) ${quoted}${ends}`),
  row(`argument not supported on this model: ${quoted}${ends}`),
  // Groq, Cerebras.
  row(`property ${quoted} is unsupported`),
  // Moonshot: `invalid temperature: only 1 is allowed for this model`; DashScope: `Range of top_p should be (0.0, 1.0]`.
  row('invalid (temperature|top_p|top_k|n|presence_penalty|frequency_penalty|thinking_budget): only'),
  row(
    'range of (temperature|top_p|top_k|n|presence_penalty|frequency_penalty|thinking_budget|seed) should be',
  ),
  row('the (thinking_budget) parameter must be'),
  // Anthropic: `temperature may only be set to 1 when thinking is enabled`, `top_k must be unset …`, `… is deprecated`.
  row(`${quoted} (?:may only be set to|must be unset|is deprecated for|cannot be set)`),
  row('(temperature|top_p|top_k): (?:range|input should be|must be)'),
  row('(top_p|top_k) must be greater'),
  // Everybody else.
  row(
    `(?:parameter|field|argument|option) ${quoted} (?:is|are) (?:not (?:supported|allowed|permitted|recognized|available)|unsupported|unknown)`,
  ),
  row(`['"\`](${path})['"\`] (?:is|are) (?:not (?:supported|allowed|permitted|recognized)|unsupported)`),
  row(`\\b([a-z]+(?:_[a-z]+)+) (?:is|are) (?:not supported|not allowed|unsupported)`),
];

/** A request is nothing without these. */
const needed = new Set(
  `model messages contents input prompt stream tools system systemInstruction system_instruction instructions max_tokens
   role content type text name id parts source data function functions functionDeclarations function_declarations
   tool_calls tool_use_id tool_call_id arguments url request body this it`.split(/\s+/),
);
const mostFields = 10;

function dropped(names: readonly string[]): Mending | undefined {
  const fields = [...new Set(names.map(clean))].filter((name) => !needed.has(lastOf(name)));
  if (fields.length === 0 || fields.length > mostFields) return undefined;
  return { what: `${fields.join(', ')} dropped`, change: { quirks: { refuses: fields } } };
}

/** `tools.0.custom.defer_loading`, `messages[3].name` → with `[]` for every item; where the validator began, cut off. */
function clean(name: string): string {
  return name
    .replace(/^(?:request|body)\./, '')
    .replace(/\[\d*\]/g, '[]')
    .replace(/\.\d+(?=\.|$)/g, '[]')
    .replace(/\.+$/, '');
}

function lastOf(name: string): string {
  return name.split(/[.[\]]+/).findLast((step) => step !== '') ?? 'this';
}
