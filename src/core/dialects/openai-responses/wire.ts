// Responses requests as they go out: the official types where they fit.
import type { InputTokenCountParams } from 'openai/resources/responses/input-tokens';
import type {
  EasyInputMessage,
  ResponseFunctionToolCall,
  ResponseInputContent,
} from 'openai/resources/responses/responses';

/** What OpenAI counts of a request. */
export type TokenCountRequest = InputTokenCountParams;

export type InputPart = ResponseInputContent;

/** Without `id`: what is not stored can't be referred to, and the same id twice would be refused. */
export interface ReasoningInput {
  type: 'reasoning';
  summary: { type: 'summary_text'; text: string }[];
  content?: { type: 'reasoning_text'; text: string }[];
  encrypted_content?: string;
}

export interface CallOutput {
  type: 'function_call_output';
  call_id: string;
  output: string | InputPart[];
}

export type InputItem = EasyInputMessage | ReasoningInput | ResponseFunctionToolCall | CallOutput;
