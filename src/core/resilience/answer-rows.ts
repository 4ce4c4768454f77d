// The providers' dialects of failure: what their wordings mean where the HTTP status alone would mislead. One row per
// matter, the first that fits counts; everything that no row knows is judged by its status. Sources: the recorded error
// answers, the providers' error pages, LiteLLM's exception mapping and claude-relay-service's error dialect.
import type { Failure, FailureKind, FailureScope } from '../failure.ts';

export interface AnswerRow {
  /** Absent: whatever the status. */
  statuses?: readonly number[];
  /** Looked for in the error's code, type, message and name of the limit. */
  wording: RegExp;
  kind: FailureKind;
  scope: FailureScope;
  /** For the client, where the upstream's own would mislead it. */
  status?: number;
  /** Where it is not the kind's. */
  retry?: Failure['retry'];
  /** The end that the upstream tells is not that of this limit. */
  endless?: boolean;
}

/** Those that say "limit" themselves; refused requests (400) repeat words of the client's, the names of its tools and all. */
const limits = [401, 402, 403, 429] as const;

/** Money or plan used up, in words that hardly stand in a request of the client's. */
const usedUp =
  /insufficient[_ ](?:user[_ ])?(?:quota|balance|credits?|funds?)\b|exceeded_current_quota|exceeded your current quota|quota (?:has been )?(?:exceeded|exhausted)|exceeded today's quota|credit balance is|balance is (?:too low|insufficient)|out of credits|billing(?:[_ ]hard[_ ]limit| is not active)|budget_exceeded|budget has been exceeded|arrearage|accountoverdue|reached your [a-z ]{0,40}usage limits?|pre_consume_token_quota|余额不足|额度(?:不足|已用)|欠费|^(?:1113|1304|1308|1309|1310|1313) /i;

/** The same where the status says so already. */
const usedUpLoosely = new RegExp(
  `${usedUp.source}|insufficient[_ ](?:user[_ ])?(?:quota|balance|credit|fund)|perday|credit balance|payment required|billing|usage[ _]limit|(?:daily|weekly|monthly|total)[_ ](?:[a-z]+[_ ])*(?:limit|quota)`,
  'i',
);

export const answerRows: readonly AnswerRow[] = [
  // The content, not the key: OpenRouter, xAI, DashScope, Azure, Zhipu (1301), new-api.
  {
    statuses: [400, 403, 451, 500],
    wording:
      /content violates|violates? (?:our |the )?(?:usage|content) (?:guidelines|polic)|requires moderation|input was flagged|datainspectionfailed|data_inspection_failed|content_filter|content management policy|safety_check|sensitive_words|^1301 /i,
    kind: 'invalid-request',
    scope: 'request',
    status: 400,
  },
  // Something that the request names is not there, or belongs to another key: OpenAI's stored responses, conversations
  // and files, Anthropic's files and containers, Google's caches and files (403). The model and the key are well.
  {
    statuses: [400, 403, 404],
    wording:
      /previous_response_not_found|\b(?:response|conversation|item|prompt|container|file|vector store) with id [^\n]{1,100} not found|no (?:file|container) found with id|(?:file|container) not found: ?\S|vector store \S{1,100} not found|cached ?content not found|access the file \S{1,100} or it may not exist/i,
    kind: 'invalid-request',
    scope: 'request',
    retry: 'next',
  },
  // Anthropic: long context costs extra on this plan; shorter requests go on.
  { statuses: [429], wording: /extra usage (?:is )?required/i, kind: 'rate-limit', scope: 'request' },

  // The relay's own upstream account or key is in trouble, ours is not: LiteLLM, claude-relay-service, new-api.
  {
    statuses: [401, 403],
    wording: /litellm\.(?:authentication|permissiondenied)error/i,
    kind: 'server',
    scope: 'deployment',
    status: 502,
  },
  {
    statuses: [429, 500, 502, 503, 529],
    wording:
      /no available [a-z ]{0,30}accounts?|no deployments available|无可用渠道|上游负载已饱和|no available channel|all (?:console )?accounts? (?:are )?busy/i,
    kind: 'rate-limit',
    scope: 'deployment',
    status: 429,
  },

  // Limits of one model family of a key: claude-relay-service (official accounts, its own weekly budget).
  {
    statuses: [400, ...limits],
    wording: /opus_weekly_limit|weekly_opus_cost_limit|seven_day_(?:opus|sonnet)/i,
    kind: 'quota',
    scope: 'family',
    status: 429,
  },
  { statuses: [400, ...limits], wording: /upstream_rate_limited/i, kind: 'quota', scope: 'key', status: 429 },

  // Passing limits in words that sound like a used-up plan: DashScope, Google per minute, Zhipu, Moonshot, Volcengine.
  {
    statuses: [429],
    wording:
      /throttling|model-studio[^\s]{0,60}#(?:rate|token)-limit|perminute|per minute|rate_limit_reached_error|engine_overloaded_error|ratelimitexceeded|^(?:1302|1303|1305|1312) /i,
    kind: 'rate-limit',
    scope: 'deployment',
  },
  // Quotas of one model: Google per day, DashScope's and ModelScope's free amounts, OpenRouter's free models, Groq per day.
  {
    statuses: [403, 429],
    wording:
      /perday[a-z]{0,20}permodel|freetieronly|free tier of the model|today's quota for model|free-models-per-day|(?:requests|tokens) per day \((?:rpd|tpd)\)/i,
    kind: 'quota',
    scope: 'deployment',
    status: 429,
    // Google's RetryInfo names seconds, whatever was used up.
    endless: true,
  },
  // Money or plan used up, with 400: LiteLLM, Anthropic (balance, spend limit of the workspace), DashScope, OpenAI's hard limit.
  {
    statuses: [400],
    wording: usedUp,
    kind: 'quota',
    scope: 'key',
    status: 429,
  },
  // The same with every other status; new-api's is 403.
  {
    statuses: limits,
    wording: usedUpLoosely,
    kind: 'quota',
    scope: 'key',
    status: 429,
  },

  // The prompt is too long for what the account may send at once: Groq.
  {
    statuses: [413, 429],
    wording: /request too large for model[^\n]{0,200}tokens per minute/i,
    kind: 'context-length',
    scope: 'request',
    status: 400,
  },

  // The model is missing or not for this account, said with another status than 404: Mistral, OpenRouter, Groq, Xiaomi,
  // DeepSeek, Zhipu (1211, 1220, 1311), DashScope, OpenAI, Copilot, LiteLLM (keys and teams with some models only).
  {
    statuses: [400, 401, 403, 422, 503],
    wording:
      /model_not_found|invalid[_ ]model\b|not a valid model id|model_decommissioned|model[_ ]not[_ ]supported|not supported model|model not exist|unknown model\b|no such model\b|the model `?[^`\n]{1,100}`? does not exist|unpurchased|model\.accessdenied|not allowed to (?:sample from|access|use) (?:this )?model\b|(?:do(?:es)? not|don't) have access to (?:this |the )?model|^(?:1211|1220|1311) /i,
    kind: 'model-not-found',
    scope: 'deployment',
    status: 404,
  },

  // The key, said with 400: Google, xAI, Groq, Anthropic, Zhipu (1000 to 1004, 1110 to 1112).
  {
    statuses: [400, 429, 500],
    wording:
      /api[_ ]key[_ ](?:not valid|invalid|expired)|(?:incorrect|invalid) api key(?= provided|[^\p{L}\s]|\s*$)|user location is not supported|organization has been (?:disabled|restricted)|^(?:100[0-4]|111[0-2]) /iu,
    kind: 'auth',
    scope: 'key',
    status: 401,
  },
];
