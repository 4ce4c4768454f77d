// What an upstream got to see, in words that hold for all dialects.

export interface Seen {
  /** All system text, wherever it stood, in order. */
  system: string;
  /** All text of user turns but tool results. */
  user: string;
  /** All text of the assistant's turns. */
  assistant: string;
  tools: string[];
  /** The assistant's tool calls in order. */
  calls: { id: string; name: string; input: unknown }[];
  /** Tool results by the id of their call, media as `[image]` or `[document]`. */
  results: Map<string, string>;
  /** Base64 data, from user turns and tool results. */
  media: { kind: 'image' | 'pdf'; data: string }[];
  /** Reasoning that was sent back. */
  thinking: string[];
  /** What stands for closed reasoning: signatures, encrypted contents. */
  signatures: string[];
}
