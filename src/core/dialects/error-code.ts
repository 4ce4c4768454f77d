// Words and numbers by which providers name an error, and the HTTP status that each stands for: inside a stream there is
// no other.

const statuses: Readonly<Record<string, number>> = {
  // OpenAI (API reference: `response.error`), and what Codex tells apart.
  server_error: 500,
  internal_server_error: 500,
  server_is_overloaded: 529,
  slow_down: 529,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  usage_not_included: 429,
  usage_limit_reached: 429,
  context_length_exceeded: 400,
  invalid_prompt: 400,
  invalid_request_error: 400,
  bio_policy: 400,
  cyber_policy: 400,
  invalid_api_key: 401,
  model_not_found: 404,
  // claude-relay-service's cleaned codes.
  E003: 401,
  E004: 429,
  E008: 504,
  E011: 503,
  E012: 529,
  E013: 401,
  E014: 429,
  // Zhipu (docs.bigmodel.cn/cn/faq/api-code).
  1113: 429,
  1302: 429,
  1303: 429,
  1304: 429,
  1305: 429,
  1308: 429,
  1310: 429,
  1211: 400,
  1214: 400,
  1261: 400,
  1301: 400,
  1234: 500,
  // Moonshot, DashScope.
  engine_overloaded_error: 429,
  rate_limit_reached_error: 429,
  exceeded_current_quota_error: 429,
  Throttling: 429,
  'Throttling.RateQuota': 429,
  'Throttling.AllocationQuota': 429,
  data_inspection_failed: 400,
  DataInspectionFailed: 400,
};

/** Undefined for words that are not known. */
export function statusOfCode(code: string | undefined): number | undefined {
  return code !== undefined && Object.hasOwn(statuses, code) ? statuses[code] : undefined;
}
