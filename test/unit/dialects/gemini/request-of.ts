// Requests to a Gemini upstream, for its tests.

import { encodeGeminiRequest } from '../../../../src/core/dialects/gemini/request.ts';
import type { HubRequest } from '../../../../src/core/dialects/hub.ts';
import type { TargetProfile } from '../../../../src/core/dialects/target-profile.ts';
import { target } from '../claude-code-request.ts';

export function gemini(model = 'gemini-3-flash-preview', more: Partial<TargetProfile> = {}): TargetProfile {
  return target({}, { model, ...more });
}

export function request(more: object = {}): HubRequest {
  return { model: 'm', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }], ...more } as HubRequest;
}

export function bodyOf(more: object = {}, profile = gemini()): Record<string, unknown> {
  return encodeGeminiRequest(request(more), profile).body;
}

export function configOf(more: object = {}, profile = gemini()): Record<string, unknown> {
  return bodyOf(more, profile).generationConfig as Record<string, unknown>;
}
