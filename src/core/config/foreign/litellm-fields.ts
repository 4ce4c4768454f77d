// The fields of LiteLLM's config.yaml: what becomes of each. docs/migrating.md shows this table; a test holds the two
// together. Source: BerriAI/litellm 1.82.1, docs/my-website/docs/proxy/config_settings.md and docs/routing.md.
import type { FieldFate } from './ccr-fields.ts';

const server = 'belongs to a server for many people (database, users, spending); there is none here';
const admin: FieldFate = { becomes: 'nothing: one user, no database', note: server };
const logging: FieldFate = {
  becomes: 'nothing: the log is in the output channel',
  note: 'the log is in the output channel "Switchyard", or on standard error',
};
const builtIn = (what: string): FieldFate => ({ becomes: `nothing: ${what}`, note: what });
const missing = (what: string): FieldFate => ({ becomes: `nothing: ${what}`, note: what, warn: true });

/** Top level. */
export const litellmFields: Readonly<Record<string, FieldFate>> = {
  include: { becomes: '`include`, also inside included files' },
  environment_variables: { becomes: 'variables beside those of the environment; they win, as documented' },
  model_list: {
    becomes: '`providers` and `groups`: each `model_name` is a group, each entry one of its targets',
  },
  credential_list: { becomes: 'the keys and addresses of the deployments that name them' },
  router_settings: { becomes: 'see below' },
  litellm_settings: { becomes: 'see below' },
  general_settings: { becomes: 'see below' },
  callback_settings: logging,
  guardrails: missing('guardrails are not run'),
  search_tools: missing("the providers' own web search is used"),
  files_settings: admin,
  finetune_settings: admin,
  assistant_settings: admin,
  mcp_servers: missing('configure MCP servers in your client'),
};

/** `router_settings`. What is in `litellm_settings` too means the same there. */
export const routerFields: Readonly<Record<string, FieldFate>> = {
  routing_strategy: { becomes: '`strategy` of each group with several targets' },
  fallbacks: { becomes: '`fallbacks`; the first of `"*"` is the default route too' },
  context_window_fallbacks: { becomes: '`groups: { context_fallbacks }`' },
  model_group_alias: { becomes: '`aliases` of the group' },
  model_groups: { becomes: 'a group of the listed groups; listed names that are none become `aliases`' },
  num_retries: { becomes: '`resilience: { retries }`' },
  max_retries: { becomes: '`resilience: { retries }`' },
  allowed_fails: { becomes: '`resilience: { allowed_fails }`' },
  cooldown_time: { becomes: '`resilience: { cooldown }`' },
  timeout: { becomes: '`timeout: { first_token }` of each provider: a stream that flows is not cut' },
  stream_timeout: { becomes: 'as `timeout`, and wins over it' },
  enable_pre_call_checks: builtIn('limits and context windows are always looked at'),
  retry_after: builtIn("the provider's word is waited for"),
  max_fallbacks: builtIn('`resilience.max_attempts` bounds all attempts together'),
  set_verbose: logging,
  debug_level: logging,
  retry_policy: missing('failures are told apart without it; `error_rules` correct what is wrong'),
  model_group_retry_policy: missing(
    'failures are told apart without it; `error_rules` correct what is wrong',
  ),
  allowed_fails_policy: missing('failures are told apart without it; `error_rules` correct what is wrong'),
  content_policy_fallbacks: missing('a refused content is answered to the client'),
  enable_tag_filtering: missing('write `rules` for requests that carry a tag'),
  redis_host: admin,
  redis_port: admin,
  redis_password: admin,
  redis_url: admin,
};

/** `litellm_settings`. */
export const litellmSettingsFields: Readonly<Record<string, FieldFate>> = {
  num_retries: { becomes: '`resilience: { retries }`' },
  request_timeout: { becomes: 'as `router_settings.timeout`' },
  drop_params: { becomes: '`models: { drop_params }`' },
  fallbacks: { becomes: 'as in `router_settings`' },
  default_fallbacks: { becomes: 'as `fallbacks` for `"*"`' },
  context_window_fallbacks: { becomes: 'as in `router_settings`' },
  allowed_fails: { becomes: '`resilience: { allowed_fails }`' },
  cooldown_time: { becomes: '`resilience: { cooldown }`' },
  modify_params: builtIn('requests are made to fit by their dialect'),
  set_verbose: logging,
  json_logs: logging,
  callbacks: logging,
  success_callback: logging,
  failure_callback: logging,
  telemetry: builtIn('nothing is reported to anybody'),
  cache: missing("answers are not cached; the providers' own prompt caches work"),
  cache_params: missing("answers are not cached; the providers' own prompt caches work"),
  content_policy_fallbacks: missing('a refused content is answered to the client'),
  master_key: { becomes: 'as `general_settings.master_key`' },
};

/** `general_settings`. */
export const generalFields: Readonly<Record<string, FieldFate>> = {
  master_key: { becomes: '`clients`: accepted as a token beside the own one' },
  database_url: admin,
  store_model_in_db: admin,
  alerting: admin,
  ui_access_mode: admin,
  proxy_batch_write_at: admin,
};

/** `litellm_params` of a deployment; every other field becomes one of the model's `params`. */
export const deploymentFields: Readonly<Record<string, FieldFate>> = {
  model: { becomes: 'the target; its prefix tells the provider (see the table of prefixes)' },
  custom_llm_provider: { becomes: 'as the prefix of `model`' },
  api_base: { becomes: '`base_url`' },
  base_url: { becomes: '`base_url`' },
  api_key: {
    becomes: '`keys`; without one the variable that the provider usually has (`OPENAI_API_KEY`, …)',
  },
  api_version: { becomes: '`?api-version=` of `base_url`' },
  litellm_credential_name: { becomes: 'the key and address of that entry of `credential_list`' },
  rpm: { becomes: '`keys: [{ key, rpm }]`' },
  tpm: { becomes: '`keys: [{ key, tpm }]`' },
  max_parallel_requests: { becomes: '`keys: [{ key, max_parallel }]`' },
  weight: { becomes: '`weight` of the target' },
  order: { becomes: 'targets of the lowest order serve the group, the others are its first `fallbacks`' },
  timeout: { becomes: '`timeout: { first_token }` of the provider' },
  stream_timeout: { becomes: 'as `timeout`, and wins over it' },
  extra_headers: { becomes: '`headers` of the provider' },
  headers: { becomes: '`headers` of the provider' },
  extra_body: { becomes: '`params` of the model' },
  drop_params: builtIn('what a provider refuses is dropped'),
  num_retries: missing('`resilience.retries` holds for all'),
  max_retries: missing('`resilience.retries` holds for all'),
  cooldown_time: missing('`resilience.cooldown` holds for all'),
  tags: missing('write `rules` for requests that carry a tag'),
  organization: missing('set the header `OpenAI-Organization` of the provider'),
  mock_response: missing('there are no invented answers'),
  max_budget: missing('spending is not limited'),
  budget_duration: missing('spending is not limited'),
  input_cost_per_token: missing('costs are not counted'),
  output_cost_per_token: missing('costs are not counted'),
  use_in_pass_through: admin,
  configurable_clientside_auth_params: admin,
};

/** `model_info` of a deployment. */
export const modelInfoFields: Readonly<Record<string, FieldFate>> = {
  max_input_tokens: { becomes: '`context` of the model' },
  max_output_tokens: { becomes: '`max_output` of the model' },
  max_tokens: { becomes: '`max_output` of the model' },
  supports_vision: { becomes: '`vision` of the model' },
  supports_pdf_input: { becomes: '`pdf` of the model' },
  rpm: { becomes: '`keys: [{ key, rpm }]`' },
  tpm: { becomes: '`keys: [{ key, tpm }]`' },
  order: { becomes: 'as `order` in `litellm_params`' },
};

/** `routing_strategy` → ours. */
export const strategyNames: Readonly<Record<string, string>> = {
  'simple-shuffle': 'weighted',
  'least-busy': 'least-busy',
  'latency-based-routing': 'latency',
  'usage-based-routing': 'usage',
  'usage-based-routing-v2': 'usage',
};
