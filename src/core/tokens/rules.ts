// What a model's tokenizer and its provider make of a request, by family. Data: the numbers are those that keep the
// estimate above the recorded usage (docs/token-counting.md).
import type { DialectId } from '../dialects/dialect.ts';
import { claudeImages, geminiImages, type ImageRule, openAiImages, tiledGemini } from './image-tokens.ts';

export interface TokenRules {
  /** Tokens of the family for one of the estimate's. */
  margin: number;
  /** What the provider adds by itself: to every conversation, … */
  conversation: number;
  /** … when there are tools, … */
  toolPreamble: number;
  /** … for each tool of the client, … */
  tool: number;
  /** … and for each tool that the provider runs. */
  serverTool: number;
  /** … and once, when documents are to be cited. */
  citations: number;
  image: ImageRule;
  /** Text and picture of a page of a PDF. */
  pdfPage: number;
}

type Family = 'claude' | 'openai' | 'gemini' | 'other';

/** By what the model is called; deployments with names of their own are told by their dialect. */
function familyOf(dialect: DialectId, model: string): Family {
  if (model.includes('claude')) return 'claude';
  if (/gemini|gemma/.test(model)) return 'gemini';
  if (/(?:^|\/)(?:gpt-(?!oss)|chatgpt|o\d|codex)/.test(model)) return 'openai';
  return own[dialect];
}

/** Anthropic endpoints that serve other models give them the tools in their own, longer words. */
const own: Readonly<Record<DialectId, Family>> = {
  anthropic: 'claude',
  gemini: 'gemini',
  'openai-responses': 'other',
  'openai-chat': 'other',
};

/** For a count that must not be too low. */
export function highRules(dialect: DialectId, model: string): TokenRules {
  const name = model.toLowerCase();
  switch (familyOf(dialect, name)) {
    case 'claude':
      return {
        // The tokenizers since Opus 4.7 need up to a third more than those before, which need more than OpenAI's.
        margin: 1.4,
        conversation: 40,
        toolPreamble: 600,
        tool: 60,
        serverTool: 1200,
        citations: 850,
        image: claudeImages(name),
        pdfPage: 3000,
      };
    case 'openai':
      return {
        margin: 1.2,
        conversation: 20,
        toolPreamble: 110,
        tool: 20,
        serverTool: 400,
        citations: 0,
        image: openAiImages(name),
        pdfPage: 2500,
      };
    case 'gemini':
      return {
        margin: 1.2,
        conversation: 10,
        toolPreamble: 30,
        tool: 20,
        serverTool: 250,
        citations: 0,
        image: geminiImages(name),
        pdfPage: tiledGemini.test(name) ? 258 : 560,
      };
    case 'other':
      return {
        // Tokenizers with smaller vocabularies, and chat templates that explain the tools to the model.
        margin: 1.25,
        conversation: 50,
        toolPreamble: 450,
        tool: 40,
        serverTool: 400,
        citations: 0,
        image: claudeImages(name),
        pdfPage: 3000,
      };
  }
}

/** For routing, where the model is not known yet: the plain estimate. */
export const plainRules: TokenRules = {
  margin: 1,
  conversation: 0,
  toolPreamble: 0,
  tool: 0,
  serverTool: 0,
  citations: 0,
  image: claudeImages('claude-3'),
  pdfPage: 3000,
};
