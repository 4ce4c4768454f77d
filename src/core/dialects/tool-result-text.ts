// What every upstream without Anthropic's tool results needs said in words.

/** Zhipu and Moonshot refuse an empty result. */
export const emptyResult = '(no output)';

/** Stands where a call has no result because the user interrupted it. */
export const missingResult = '(no result: the call was interrupted)';

/** There is no error flag; the model must still see that the call failed. */
export function asError(text: string): string {
  return /^\s{0,20}(?:<tool_use_error>|error)/i.test(text) ? text : `Error: ${text}`;
}
