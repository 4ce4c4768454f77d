// The set-ups that users come from, as two public guides print them: a LiteLLM tree, and three files of
// claude-code-router. Byte for byte; only what the guides leave to the reader (the other providers' files, `.env`) is
// filled in.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Paths below the folder that holds `docker-compose.yml`. */
export const litellmTree: Readonly<Record<string, string>> = {
  'config/config.yaml': `include:
  - models.yaml
  - router.yaml
litellm_settings:
  num_retries: 3
  request_timeout: 10
  drop_params: true
`,
  'config/router.yaml': `router_settings:
  routing_strategy: latency-based-routing
  fallbacks:
    - "*": ["gemini-2.5-flash"]
  model_groups:
    - model_name: "claude-3-5-sonnet"
      model_list:
        - "claude-3-5-sonnet-20241022"
        - "claude-3.5-sonnet"
`,
  'config/models.yaml': `include:
  - models/modelscope.yaml
  - models/gemini.yaml
  # - models/claude.yaml
`,
  'config/models/modelscope.yaml': `model_list:
  - model_name: Qwen3-Coder-480B-A35B-Instruct
    litellm_params:
      model: "openai/Qwen/Qwen3-Coder-480B-A35B-Instruct"
      api_base: "https://api-inference.modelscope.cn/v1"
      api_key: "os.environ/MODELSCOPE"
      # max_tokens: 32768
      temperature: 0.7
  - model_name: Qwen3-235B-A22B-Instruct-2507
    litellm_params:
      model: "openai/Qwen/Qwen3-235B-A22B-Instruct-2507"
      api_base: "https://api-inference.modelscope.cn/v1"
      api_key: "os.environ/MODELSCOPE"
      # max_tokens:32768
`,
  'config/models/gemini.yaml': `model_list:
  - model_name: gemini-2.5-flash
    litellm_params:
      model: "gemini/gemini-2.5-flash"
      api_key: "os.environ/GEMINI_API_KEY"
  - model_name: claude-3-5-sonnet-20241022
    litellm_params:
      model: "gemini/gemini-2.5-pro"
      api_key: "os.environ/GEMINI_API_KEY"
`,
  // The guide comments its include out: it must not be loaded, and may be as broken as it likes.
  'config/models/claude.yaml': 'model_list: [ {\n',
  '.env': 'MODELSCOPE=ms-canary-1\nGEMINI_API_KEY="gm-canary-1"\n',
};

/** claude-code-router in front of LiteLLM, first form: base URL without an endpoint, no keys. */
export const ccrWithoutKeys = `{ "Providers": [
    { "name": "litellm", "api_base_url": "http://localhost:4000/v1", "models": ["claude-3-7-sonnet", "gemini-2.5-pro"] },
    { "name": "deepseek", "api_base_url": "http://localhost:4000/v1", "models": ["deepseek-r1"] } ],
  "Router": { "default": "litellm,claude-3-7-sonnet", "think": "deepseek,deepseek-r1" } }
`;

/** Second form: its `think` names a provider that it does not define. */
export const ccrWithKey = `{ "LOG": false,
  "Providers": [
    { "name": "litellm", "api_base_url": "http://localhost:4000/v1/chat/completions", "api_key": "sk-2015",
      "models": ["claude-3-5-sonnet", "claude-3-7-sonnet", "claude-4-sonnet", "claude-4-sonnet-think", "claude-3-7-sonnet-think", "gemini-2.5-flash",
        "gemini-2.5-pro-preview-05-06", "gpt-4o", "gpt-4o-mini", "o4-mini", "gpt-4.1", "gpt-4.1-mini", "doubao-1.6-thinking", "kimi-k2",
        "Qwen3-235B-A22B-Instruct-2507", "Qwen3-Coder-480B-A35B-Instruct"] } ],
  "Router": { "default": "litellm,Qwen3-Coder-480B-A35B-Instruct", "background": "litellm,gpt-4.1-mini", "think": "deepseek,deepseek-r1", "longContext": "litellm,gemini-2.5-flash" } }
`;

/** In front of claude-relay-service's Gemini. */
export const ccrRelay = `{ "APIKEY": "sk-custom", "LOG": true, "HOST": "127.0.0.1", "API_TIMEOUT_MS": 600000, "NON_INTERACTIVE_MODE": false,
  "Providers": [
    { "name": "gemini", "api_base_url": "http://127.0.0.1:3000/gemini/v1beta/models/", "api_key": "cr_xxxxxxxx",
      "models": ["gemini-2.5-flash", "gemini-2.5-pro", "gemini-3-pro-preview"], "transformer": { "use": ["gemini"] } } ],
  "Router": { "default": "gemini", "background": "gemini,gemini-3-pro-preview", "think": "gemini,gemini-3-pro-preview", "longContext": "gemini,gemini-3-pro-preview",
    "longContextThreshold": 60000, "webSearch": "gemini,gemini-2.5-flash" } }
`;

/** Writes the tree below `folder` with texts replaced (`from` → `to`); returns the main file. */
export function writeLitellmTree(folder: string, replace: Readonly<Record<string, string>> = {}): string {
  for (const [path, text] of Object.entries(litellmTree)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      Object.entries(replace).reduce((all, [from, to]) => all.replaceAll(from, to), text),
    );
  }
  return join(folder, 'config', 'config.yaml');
}
