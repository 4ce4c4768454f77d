// Google's own count of a request's tokens: POST /models/{model}:countTokens.
import { numberOf, objectOf } from '../../json/values.ts';
import type { TokenCounting } from '../dialect.ts';
import { modelPath } from './model-path.ts';
import { encodeGeminiRequest } from './request.ts';

export const geminiTokenCount: TokenCounting = {
  /**
   * The Gemini API counts instructions and tools only inside a whole request (ai.google.dev/api/tokens); Vertex takes them
   * beside the contents and knows no such field (REST reference of publishers.models.countTokens).
   */
  encodeRequest(request, target) {
    const { body } = encodeGeminiRequest(request, target);
    const path = `${modelPath(target.model)}:countTokens`;
    if (target.quirks.tokenCount !== 'contents')
      return { path, body: { generateContentRequest: { model: modelPath(target.model).slice(1), ...body } } };
    const { contents, systemInstruction, tools } = body;
    return {
      path,
      body: { contents, ...(systemInstruction ? { systemInstruction } : {}), ...(tools ? { tools } : {}) },
    };
  },
  decodeCount: (body) => numberOf(objectOf(body)?.totalTokens),
};
