// What the cache can provide. Each call returns at once when the thing is there already.

export { ensureAiSdk } from './ai-sdk.ts';
export { cacheFolder } from './cache-entry.ts';
export { ensureChromium } from './chromium.ts';
export { ensureClaudeCode } from './claude-code.ts';
export { ensureNpmProgram } from './npm-program.ts';
export { ensureVscodeServer } from './vscode-server.ts';
