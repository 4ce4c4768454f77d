// Keeps secrets out of everything that people or files get to see: log lines, events, snapshots.

const mask = '[redacted]';

/** Shapes of keys that are hidden even when nobody told us of them. */
const keyPatterns: readonly RegExp[] = [
  // OpenAI, Anthropic, OpenRouter, DeepSeek, Moonshot, SiliconFlow, ModelScope, Stripe-like: a short prefix, then 16 or more.
  /\b(?:sk|pk|rk|ms|gsk|xai|csk|hf|r8|nvapi|fw|pplx|tgp|cr)[-_][A-Za-z0-9_-]{16,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  // JSON web tokens (Zhipu's signed form, OAuth). At the start of a word alone: "eyJ-eyJ-…" would cost quadratic time.
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  // Zhipu: 32 hex digits, a dot, 16 characters.
  /\b[0-9a-f]{32}\.[A-Za-z0-9]{16}\b/g,
];
/** What follows these words is a credential, whatever it looks like. */
const credentialPattern =
  /\b(bearer\s+|basic\s+|(?:x-api-key|x-goog-api-key|api-key|authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:bearer\s+|basic\s+)?|[?&](?:key|api_key|token|tkn)=)[^\s"',;&}\]]+/gi;
/** User and password of a URL. Schemes are short: an open end would cost quadratic time on long words with dots. */
const urlCredentials = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]*@/gi;

/** Nobody reads more of a line, and the engine's stack ends at some megabytes of one key. */
const longestText = 1_000_000;

/** Values shorter than this would hide ordinary words. */
const shortestSecret = 6;

/** What servers without keys are given for one: no secrets, but often the name of the server too. */
const placeholders = new Set(
  'ollama lmstudio lm-studio llamacpp llama.cpp llama-cpp localai local-ai localhost placeholder anything not-needed not-used no-key no-key-required no-key-needed sk-no-key-required'.split(
    ' ',
  ),
);

/** Knows the secrets of a running router and hides them in text and plain data. */
export class Redactor {
  readonly #sources = new Map<string, readonly string[]>();
  #needles: string[] = [];

  /** Replaces the values that `source` (any name) told of earlier. Encoded forms of each value are hidden too. */
  setSecrets(source: string, values: Iterable<string>): void {
    this.#sources.set(source, [...values]);
    const needles = new Set<string>();
    for (const list of this.#sources.values()) {
      for (const value of list) {
        if (value.length >= shortestSecret && !placeholders.has(value.toLowerCase()))
          for (const form of encodedForms(value)) needles.add(form);
      }
    }
    this.#needles = [...needles].sort((a, b) => b.length - a.length);
  }

  /** The text without known secrets and without anything that looks like a key; of very long ones the beginning. */
  text(text: string): string {
    let clean = text;
    // Lines of every request come here, and hardly any has something to hide: to look is cheaper than to replace.
    for (const needle of this.#needles) if (clean.includes(needle)) clean = clean.replaceAll(needle, mask);
    // After the known ones, of which half would be left over at the cut.
    if (clean.length > longestText) clean = `${clean.slice(0, longestText)}…`;
    if (clean.includes('://')) clean = clean.replace(urlCredentials, `$1${mask}@`);
    clean = clean.replace(credentialPattern, `$1${mask}`);
    for (const pattern of keyPatterns) clean = clean.replace(pattern, mask);
    return clean;
  }

  /** A copy of plain data (objects, arrays, strings, numbers) in which known secrets are hidden in every string. */
  data<T>(value: T): T {
    return this.#copy(value) as T;
  }

  #copy(value: unknown): unknown {
    if (typeof value === 'string') {
      let clean = value;
      for (const needle of this.#needles) if (clean.includes(needle)) clean = clean.replaceAll(needle, mask);
      return clean;
    }
    if (Array.isArray(value)) return value.map((item) => this.#copy(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#copy(item)]));
  }
}

function encodedForms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const bytes = new TextEncoder().encode(value);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return [value, json, encodeURIComponent(value.toWellFormed()), base64.replace(/=+$/, '')];
}
