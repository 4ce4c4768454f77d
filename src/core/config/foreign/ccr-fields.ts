// The fields of claude-code-router's config.json beside `Providers`: what becomes of each. docs/migrating.md shows this
// table; a test holds the two together. Source: musistudio/claude-code-router 2.0.0 and its README.

export interface FieldFate {
  /** For the table in docs/migrating.md. */
  becomes: string;
  /** Where nothing takes its place: what an import says. */
  note?: string;
  /** The user must hear of it, not only at an import. */
  warn?: true;
}

const log: FieldFate = {
  becomes: 'nothing: the log is in the output channel',
  note: 'the log is in the output channel "Switchyard", or on standard error',
};

export const ccrFields: Readonly<Record<string, FieldFate>> = {
  Providers: { becomes: '`providers`; also written `providers`' },
  Router: { becomes: '`routes`' },
  fallback: { becomes: 'groups `NAME-route` with `fallbacks`, one for each route that has some' },
  APIKEY: { becomes: '`clients`: accepted as a token beside the own one' },
  PORT: { becomes: '`server: { port }`' },
  HOST: {
    becomes: 'nothing: the router listens on the loopback addresses only',
    note: 'the router listens on the loopback addresses only',
  },
  API_TIMEOUT_MS: { becomes: '`timeout: { first_token, total }` of each provider' },
  PROXY_URL: { becomes: '`proxy` of each provider that is not on this machine' },
  HTTPS_PROXY: { becomes: 'as `PROXY_URL`' },
  https_proxy: { becomes: 'as `PROXY_URL`' },
  httpsProxy: { becomes: 'as `PROXY_URL`' },
  LOG: log,
  LOG_LEVEL: log,
  NON_INTERACTIVE_MODE: {
    becomes: 'nothing: Claude Code is started by you, in a terminal of your own',
    note: 'concerns how claude-code-router starts Claude Code; there is no need for it here',
  },
  CLAUDE_PATH: {
    becomes: 'the setting `switchyard.claudeCode.path`',
    note: 'set "switchyard.claudeCode.path" in the editor instead',
  },
  CUSTOM_ROUTER_PATH: {
    becomes: 'nothing: the program is not run; write `rules`',
    note: 'the program is not run; write "rules" for what it decides',
    warn: true,
  },
  REWRITE_SYSTEM_PROMPT: {
    becomes: 'nothing: prompts are passed on as they are',
    note: 'prompts are passed on as they are',
    warn: true,
  },
  transformers: {
    becomes: 'nothing: programs from files are not run',
    note: 'programs from files are not run; use "quirks" and "params" of a provider',
    warn: true,
  },
  forceUseImageAgent: {
    becomes: 'nothing: the `image` route serves requests with images as a whole',
    note: 'the image route serves requests with images as a whole',
  },
  StatusLine: { becomes: 'nothing', note: "is the display of claude-code-router's own command" },
  plugins: { becomes: 'nothing', note: 'plugins are not run' },
  Plugins: { becomes: 'nothing', note: 'plugins are not run' },
};

/** Of `Router`: our route, and what else becomes of the field. */
export const ccrRoutes: Readonly<Record<string, string>> = {
  default: '`routes: { default }`; a provider alone means its first model, with a warning',
  background: '`routes: { background }`',
  think: "`routes: { think }`: plan mode and effort `xhigh` (every request of today's Claude Code thinks)",
  longContext: '`routes: { longContext }`',
  longContextThreshold: '`routes: { longContext: { threshold } }`',
  webSearch: '`routes: { webSearch }`',
  image: '`routes: { image }`',
};
