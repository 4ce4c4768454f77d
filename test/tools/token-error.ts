// How far the token estimate is from what providers counted, by dialect, over the recordings: the table of
// docs/token-counting.md.
import { clientDialect } from '../../src/core/dialects/registry.ts';
import { estimateRequestTokens } from '../../src/core/tokens/estimate.ts';
import { highRules } from '../../src/core/tokens/rules.ts';
import { type Recording, recordings } from './recordings.ts';

export interface TokenError {
  id: string;
  dialect: Recording['dialect'];
  /** As counted by the provider, cached ones included. */
  counted: number;
  estimated: number;
}

/** Answers to which a tool of the provider fed tokens that no request holds. */
const fedByProvider =
  /web_search_tool_result|mcp_tool_result|file_search_call|web_search_call|code_interpreter_call|tool_search_output/;

/** Every recording that holds a request and its usage, and could have been sent through the router. */
export function tokenErrors(): { errors: TokenError[]; leftOut: number } {
  const errors: TokenError[] = [];
  let leftOut = 0;
  for (const recording of recordings()) {
    const counted = countedTokens(recording);
    if (counted === undefined || !recording.request) continue;
    const estimated = isFed(recording) ? undefined : estimate(recording);
    if (estimated === undefined) leftOut++;
    else errors.push({ id: recording.id, dialect: recording.dialect, counted, estimated });
  }
  return { errors, leftOut };
}

export function tokenErrorTable({ errors, leftOut }: ReturnType<typeof tokenErrors>): string {
  const dialects = [...new Set(errors.map(({ dialect }) => dialect))].sort();
  const rows = dialects.map((dialect) =>
    row(
      dialect,
      errors.filter((each) => each.dialect === dialect),
    ),
  );
  return [
    '| dialect | recordings | lowest | median | highest | lowest, from 200 tokens | highest, from 200 tokens |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    row('all', errors),
    '',
    `Left out: ${leftOut} recordings to which a tool of the provider's own added tokens, or that the router refuses.`,
  ].join('\n');
}

function row(name: string, errors: readonly TokenError[]): string {
  const all = ratios(errors);
  const long = ratios(errors.filter(({ counted }) => counted >= 200));
  const cells = [all[0], all[Math.floor(all.length / 2)], all.at(-1), long[0], long.at(-1)];
  return `| ${name} | ${errors.length} | ${cells.map(percent).join(' | ')} |`;
}

function ratios(errors: readonly TokenError[]): number[] {
  return errors.map(({ counted, estimated }) => estimated / counted).sort((a, b) => a - b);
}

function percent(ratio: number | undefined): string {
  if (ratio === undefined) return '–';
  const change = Math.round((ratio - 1) * 100);
  return `${change < 0 ? '−' : '+'}${Math.abs(change)} %`;
}

function countedTokens({ dialect, expect }: Recording): number | undefined {
  const usage = expect?.usage;
  if (!usage?.input) return undefined;
  return dialect === 'anthropic'
    ? usage.input + (usage.cache_read ?? 0) + (usage.cache_write ?? 0)
    : usage.input;
}

function isFed({ features, model, request }: Recording): boolean {
  // Searches without a mark of their own: OpenRouter's, Groq's compound systems.
  const hidden =
    /compound/.test(model ?? '') || JSON.stringify(request?.tools ?? []).includes('"openrouter:');
  return hidden || features.some((feature) => fedByProvider.test(feature));
}

function estimate({ dialect, model, request }: Recording): number | undefined {
  try {
    // Some bodies were recorded without the model, which stands in the path.
    const hub = clientDialect(dialect)?.decodeRequest({ model: model ?? 'unknown', ...request });
    return hub && estimateRequestTokens(hub, highRules(dialect, model ?? ''));
  } catch {
    return undefined;
  }
}
