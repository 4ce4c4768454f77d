// Which refusal is helped by what. One row per wording; the first that fits counts. Wordings come from recorded answers,
// the providers' references and their users' bug reports; a row names the provider that was seen to say it.
import type { Remedy, RemedySpan } from '../dialects/remedy.ts';
import type { Mending, RefusalRow } from './refusal-row.ts';
import { fieldRefusals } from './refused-field-wordings.ts';

/** What an upstream said when it refused a request. */
export interface Refusal {
  status: number;
  /** The error's code, message and field, in one text. */
  text: string;
}

const always = new Set([400, 422]);

/** What helps against a refusal; undefined when it is none that is known. */
export function remedyFor({ status, text }: Refusal): Remedy | undefined {
  for (const row of rows) {
    if (!always.has(status) && !row.also?.includes(status)) continue;
    const match = row.wording.exec(text);
    const mending = match && row.mend(match, text);
    if (mending) return { span: 'model', ...mending };
  }
  return undefined;
}

const noImages: Mending = { what: 'images replaced by text', change: { vision: false } };
const noPdfs: Mending = { what: 'documents replaced by text', change: { pdf: false } };
const noHistory: Mending = {
  what: 'earlier thinking left out',
  change: { thinkingHistory: 'dropped', quirks: { reasoningHistory: 'drop' } },
  span: 'conversation',
};
const plainSchemas: Mending = { what: "tools' schemas simplified", change: { schemas: 'plain' } };

const fixed = (mending: Mending) => () => mending;

const mediaRows: RefusalRow[] = [
  // Anthropic: this image or document is at fault, not images as such.
  {
    wording:
      /image exceeds \d|image dimensions exceed|could not process image|image does not match the provided media type/i,
    mend: fixed({ ...noImages, span: 'conversation' }),
  },
  {
    wording:
      /could not process pdf|pdf specified was not valid|password protected|maximum of \d+ pdf pages|pdf cannot be/i,
    mend: fixed({ ...noPdfs, span: 'conversation' }),
  },
  // Zhipu, DashScope, relays: the same.
  {
    wording:
      /图片[^。]{0,12}(?:格式|解析|大小|尺寸|分辨率|过大|过小|超过|损坏|下载|无效|错误)|image (?:content )?(?:type|format)s?\b[^.]{0,40}not (?:supported|allowed)/i,
    mend: fixed({ ...noImages, span: 'conversation' }),
  },
  // DeepSeek, Cerebras, OpenRouter, vLLM, Mistral, llama.cpp, OpenAI, Moonshot, Volcengine, Groq.
  {
    wording:
      /unknown variant `?image(?:_url)?|multimodal is not enabled|not a multimodal model|at most 0 image|(?:no endpoints found that|(?:do|does)(?: not|n't)|cannot) (?:support|accept|process|read|handle|take) (?:images?|vision)|image (?:input|content|data)s?[^.]{0,40}(?:not (?:supported|enabled|available|allowed))|image_url is only supported|only supports? text|图片/i,
    mend: fixed(noImages),
    also: [403, 404, 415, 500, 501],
  },
  // Servers from before there were content parts.
  {
    wording: /content must be (?:a|of type) string/i,
    mend: fixed({
      what: 'messages sent as plain texts',
      change: { vision: false, pdf: false, quirks: { cacheControl: false } },
    }),
  },
  {
    wording:
      /unknown variant `?(?:file|document|input_file)|(?:do|does)(?: not|n't) support (?:pdf|documents?|files?)|(?:pdf|document|file) (?:input|content)s?[^.]{0,40}not (?:supported|enabled)/i,
    mend: fixed(noPdfs),
    also: [404, 415, 500],
  },
];

const thinkingRows: RefusalRow[] = [
  // Anthropic, Google, OpenAI (encrypted reasoning), Bedrock.
  {
    wording:
      /invalid `?signature`? in `?thinking|blocks? in the latest assistant message cannot be modified|thinking\.signature: (?:field required|input should)|signature: (?:field required|input should be a valid)|corrupted thought signature|thought[_ ]signature[^.]{0,40}(?:invalid|not valid|is not)|encrypted[_ ]content[^.]{0,80}(?:could not be|cannot be) (?:verified|decrypted)|of type 'reasoning' was provided without/i,
    mend: fixed(noHistory),
  },
  // Anthropic, with a fixed budget: the converter switches thinking off for the turn.
  { wording: /expected `?(?:thinking|redacted_thinking)`? or `?redacted_thinking/i, mend: fixed(noHistory) },
  // DeepSeek, Moonshot.
  {
    wording: /reasoning_content[^.]{0,80}(?:must be passed back|is missing|is required)/i,
    mend: fixed({
      what: 'earlier thinking sent back',
      change: { quirks: { reasoningHistory: 'reasoning_content' } },
    }),
  },
  {
    wording:
      /reasoning_(?:content|details)'?"?\]?:? ?(?:is unsupported|(?:extra inputs|is|are) not (?:permitted|supported|allowed))/i,
    mend: fixed({ ...noHistory, span: 'model' }),
  },
  // Anthropic.
  {
    wording: /thinking\.type\.enabled"? is not supported|adaptive"? thinking is required/i,
    mend: fixed({ what: 'thinking asked for as adaptive', change: { thinkingType: 'adaptive' } }),
  },
  {
    wording:
      /adaptive thinking is not supported|thinking\.type:? input should be 'enabled' or 'disabled'|thinking: input tag 'adaptive'/i,
    mend: fixed({ what: 'thinking asked for with a budget', change: { thinkingType: 'enabled' } }),
  },
  // Ollama, Anthropic (older models), Google, Mistral.
  {
    wording:
      /(?:does not|doesn't) support (?:thinking|reasoning)(?! ?effort)|thinking is not (?:supported|enabled)|thinking[_ ](?:budget|level) is not supported|reasoning is not (?:supported|enabled)/i,
    mend: fixed({ what: 'thinking not asked for', change: { reasoning: false } }),
    also: [404],
  },
  // Google.
  {
    wording:
      /thinking level \w{1,20} is not supported|budget \d+ is invalid|thinking budget -?\d+ is invalid|only works in thinking mode/i,
    mend: fixed({
      what: 'generationConfig.thinkingConfig dropped',
      change: { quirks: { refuses: ['generationConfig.thinkingConfig'] } },
    }),
  },
  // OpenAI's models that do not reason.
  {
    wording: /encrypted content is not supported/i,
    mend: fixed({ what: 'include dropped', change: { quirks: { refuses: ['include'] } } }),
  },
  // OpenRouter.
  {
    wording: /reasoning is mandatory[^.]{0,60}cannot be disabled/i,
    mend: fixed({ what: 'reasoning dropped', change: { quirks: { refuses: ['reasoning'] } } }),
  },
  // DashScope: the converter says `enable_thinking: false` where it must.
  {
    wording:
      /enable_thinking[^.]{0,40}must be set to false|does not support being set to required[^.]{0,40}thinking mode/i,
    mend: fixed({
      what: 'thinking switched by enable_thinking',
      change: { quirks: { reasoning: 'enable_thinking' } },
    }),
  },
  // DeepSeek: no forced tool while it thinks.
  {
    wording: /thinking mode does not support this tool_choice/i,
    mend: fixed({ what: 'thinking switched by its type', change: { quirks: { reasoning: 'thinking' } } }),
  },
  // Moonshot, Anthropic: the same where thinking can't be switched off.
  {
    wording:
      /tool_choice[^.]{0,80}(?:incompatible with thinking|when thinking is enabled)|thinking may not be enabled when tool_choice/i,
    mend: fixed({ what: 'thinking not asked for', change: { reasoning: false }, span: 'request' }),
  },
];

const levels = /'?"?(none|minimal|low|medium|high|xhigh|max)\b/g;

function effortsIn(listed: string): Mending | undefined {
  const efforts = Array.from(listed.matchAll(levels), ([, level = '']) => level);
  if (efforts.length === 0) return undefined;
  return { what: `effort kept within ${efforts.join(', ')}`, change: { quirks: { efforts } } };
}

const effortRows: RefusalRow[] = [
  // OpenAI, Azure, Anthropic, Groq, xAI: they list what they take.
  {
    wording:
      /(?:reasoning[._]effort|reasoningeffort|output_config\.effort|effort)\b[^\n]{0,200}?(?:supported (?:values|levels) (?:are|is)|input should be|must be one of|expected one of|valid values)[:\s]+([^\n]{2,200})/i,
    mend: ([, listed = '']) => effortsIn(listed),
  },
  // OpenAI's Responses: the field is told beside the message.
  {
    wording: /supported values are:? ([^\n]{2,200}?)\.? reasoning[._]effort\b/i,
    mend: ([, listed = '']) => effortsIn(listed),
  },
  // Anthropic.
  {
    wording: /(?:does not|doesn't) support (?:the )?(?:reasoning[ _]?)?effort/i,
    mend: fixed({
      what: 'effort dropped',
      change: { quirks: { refuses: ['output_config.effort', 'reasoning_effort', 'reasoning.effort'] } },
    }),
  },
  // OpenAI's newest models in chat completions.
  {
    wording: /function tools with reasoning_effort are not supported/i,
    mend: fixed({ what: 'reasoning_effort dropped', change: { quirks: { refuses: ['reasoning_effort'] } } }),
  },
];

function limit(text: string | undefined, span: RemedySpan = 'model', below = 0): Mending | undefined {
  const most = Number(text) - below;
  if (!Number.isSafeInteger(most) || most < 1) return undefined;
  return { what: `max_tokens lowered to ${most}`, change: { maxOutput: most }, span };
}

/** Less room for an answer is no use to anybody. */
const leastRoom = 1024;

/** What prompt leaves of the window, as far as the upstream told. */
function room(window: string | undefined, prompt: string | undefined): Mending | undefined {
  const left = Number(window) - Number(prompt);
  return left >= leastRoom ? limit(String(left), 'request', Math.min(64, left >> 4)) : undefined;
}

const limitRows: RefusalRow[] = [
  // OpenAI, Azure.
  {
    wording: /'max_tokens' is not supported[^.]{0,60}\.? ?use 'max_completion_tokens'/i,
    mend: fixed({
      what: 'max_tokens sent as max_completion_tokens',
      change: { quirks: { maxTokensField: 'max_completion_tokens' } },
    }),
  },
  // Old compatible servers.
  {
    wording:
      /max_completion_tokens'?"?:? ?(?:is not supported|extra inputs are not permitted|is unsupported)|(?:unknown|unsupported|unrecognized) (?:request )?(?:parameter|argument|field)[^.]{0,30}max_completion_tokens/i,
    mend: fixed({
      what: 'max_completion_tokens sent as max_tokens',
      change: { quirks: { maxTokensField: 'max_tokens' } },
    }),
  },
  // Anthropic: `input length and max_tokens exceed context limit: 188240 + 21333 > 200000`.
  {
    wording: /exceed context limit: (\d{1,9}) \+ \d{1,9} > (\d{1,9})/i,
    mend: ([, prompt, window]) => room(window, prompt),
  },
  // vLLM, old and new; OpenAI's older models: the prompt would fit.
  {
    wording:
      /maximum context length is (\d{1,9}) tokens[^\n]{0,80}you requested \d{1,9} tokens \((\d{1,9}) in (?:the|your) (?:messages|prompt)/i,
    mend: ([, window, prompt]) => room(window, prompt),
  },
  {
    wording: /maximum context length is (\d{1,9}) tokens and your request has (\d{1,9}) input tokens/i,
    mend: ([, window, prompt]) => room(window, prompt),
  },
  // Anthropic: `max_tokens: 128000 > 64000, which is the maximum allowed`.
  { wording: /max_tokens: \d{1,9} > (\d{1,9}), which is the maximum/i, mend: ([, most]) => limit(most) },
  // DeepSeek, DashScope, SiliconFlow: `range of max_tokens is [1, 8192]`.
  {
    wording: /max_(?:completion_|output_)?tokens[^[\n]{0,60}\[\d{1,3}, ?(\d{1,9})\]/i,
    mend: ([, most]) => limit(most),
  },
  // Google: the upper end is exclusive.
  {
    wording: /maxoutputtokens[^\n]{0,120}to (\d{1,9}) \(exclusive\)/i,
    mend: ([, end]) => limit(end, 'model', 1),
  },
  // OpenAI, Volcengine, Groq, Bedrock, Mistral, Together.
  {
    wording:
      /max(?:imum)?[_ ](?:completion_|output_|new_)?tokens[^\n]{0,160}?(?:supports at most|less than or equal to|<=|maximum value is|maximum allowed (?:is|value is)|must be at most|model limit of|cannot exceed|can't exceed|no more than|should be less than|不能(?:大于|超过))[ `:]*(\d{2,9})/i,
    mend: ([, most]) => limit(most),
  },
];

const formRows: RefusalRow[] = [
  // DeepSeek, Mistral, Groq, vLLM's templates.
  {
    wording:
      /unknown variant `?developer|'developer' is not one of|input tag 'developer'|role[^\n]{0,20}['"`]?developer['"`]? ?(?:is|role)? ?(?:not|un)|unexpected (?:message )?role:? ['"`]?developer|developer message is not enabled/i,
    mend: fixed({
      what: 'developer messages sent as system messages',
      change: { quirks: { developerRole: false } },
    }),
  },
  // Anthropic and relays.
  {
    wording:
      /messages\.\d+\.role: input should be 'user' or 'assistant'|unexpected role "?'?system|role '?"?system'?"? (?:is )?not (?:supported|allowed)/i,
    mend: fixed({
      what: 'system messages inside the conversation sent as texts',
      change: { systemMessages: 'folded' },
    }),
  },
  // Anthropic, OpenAI.
  {
    wording:
      /tools[.[]\d+\]?\.(?:custom\.|function\.)?name'?[^\n]{0,40}(?:should match pattern|should have at most|does not match pattern|string too long)|tool names? (?:must|should) match/i,
    mend: fixed({ what: "tools' names shortened", change: { toolNames: 'short' } }),
  },
  // Mistral.
  {
    wording: /tool call id[^\n]{0,80}length of 9/i,
    mend: fixed({
      what: 'ids of tool calls shortened to nine letters',
      change: { quirks: { toolCallIds: 'nine-alphanumerics' } },
    }),
  },
  // Answers in a schema. DeepSeek, DashScope, Groq, Google, OpenAI.
  {
    wording:
      /response_format'? type is unavailable|response_format\.type'?[^\n]{0,60}not one of the allowed values|(?:does not|doesn't) support response[ _]format `?json_schema|invalid schema for response_format|json_schema[^.]{0,40}not (?:supported|available)|too many states/i,
    mend: fixed({
      what: 'the schema of the answer put into words',
      change: { quirks: { jsonSchema: 'json_object' } },
    }),
  },
  {
    wording:
      /response_format[^\n]{0,60}not (?:supported|available|permitted|allowed)|must contain the word '?json|function calling with a response mime type/i,
    mend: fixed({
      what: 'the schema of the answer put into words',
      change: { quirks: { jsonSchema: 'prompt' } },
    }),
  },
  // Tools' schemas. OpenAI, Anthropic, Google, Moonshot, Bedrock.
  {
    wording:
      /invalid schema for function|input_schema[^\n]{0,80}(?:invalid|not support|unsupported)|invalid_function_parameters|unknown name "[^"]{1,60}" at '[^']{0,40}tools\[\d|function_declarations\[\d+\]\.parameters|tools\.function\.parameters is not a valid|(?:unsupported|invalid) (?:json )?schema|json schema is invalid|keyword [^\n]{1,60} (?:is )?not supported/i,
    mend: fixed(plainSchemas),
  },
  // Anthropic: more marks than it takes.
  {
    wording: /maximum of \d+ blocks with cache_control/i,
    mend: fixed({
      what: 'cache_control dropped',
      change: { quirks: { refuses: ['*.cache_control'], cacheControl: false } },
      span: 'conversation',
    }),
  },
  // Anthropic's header; Bedrock says which without saying it.
  {
    wording: /unexpected value\(s\) ([^\n]{1,300}?) for the `?anthropic-beta/i,
    mend([, listed = '']) {
      const refusedBetas = Array.from(listed.matchAll(/[\w.-]{3,80}/g), ([name]) => name);
      return { what: `betas ${refusedBetas.join(', ')} dropped`, change: { refusedBetas } };
    },
  },
  {
    wording: /invalid beta flag|unsupported beta/i,
    mend: fixed({ what: 'all betas dropped', change: { refusedBetas: 'all' } }),
  },
];

const rows: readonly RefusalRow[] = [
  ...limitRows,
  ...formRows,
  ...thinkingRows,
  ...effortRows,
  ...mediaRows,
  ...fieldRefusals,
];
