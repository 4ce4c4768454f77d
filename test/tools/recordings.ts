// The recorded answers of real providers, each with what a correct decoder must get. They lie beside the repository and
// are not copied into it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ExpectedError {
  status?: number;
  type?: string | null;
  code?: string | number | null;
  message?: string | null;
}

export interface ExpectedAnswer {
  text: string;
  /** UTF-16 units. */
  reasoning_length: number;
  reasoning_sha256_16: string | null;
  refusal: string | null;
  tool_calls: { id: string | null; name: string; arguments: unknown; arguments_valid_json?: boolean }[];
  server_tool_calls?: { id: string; name: string; arguments: unknown }[] | null;
  finish_reason: string | null;
  /** Null when the upstream gave no reason. */
  finish_class: 'stop' | 'tool_calls' | 'length' | 'content_filter' | 'pause' | 'error' | 'other' | null;
  stop_sequence?: string | null;
  block_types?: string[];
  usage: {
    input: number | null;
    output: number | null;
    /** Chat completions: contained in `input`. */
    cached?: number | null;
    cache_read?: number | null;
    cache_write?: number | null;
    reasoning?: number | null;
    /** Gemini: what its own tools fed to the model; not contained in `input`. */
    tool_use_prompt?: number | null;
  } | null;
  error: ExpectedError | null;
}

export interface Recording {
  id: string;
  dialect: 'anthropic' | 'openai-chat' | 'openai-responses' | 'gemini';
  provider: string;
  model: string;
  stream: boolean;
  status: number;
  content_type: string;
  /** Retry and rate-limit headers only. */
  headers: Record<string, string>;
  /** A text for streams and for errors that are not JSON. */
  body: unknown;
  /** White space that came before a JSON body. */
  raw_prefix?: string;
  request: Record<string, unknown> | null;
  features: string[];
  expect: ExpectedAnswer;
}

const repository = join(import.meta.dirname, '..', '..');
const folder = process.env.SWITCHYARD_RECORDINGS ?? join(repository, '..', 'shared', 'fixtures');
const cases = join(folder, 'cases');

/** Why recorded traffic can't be tested here; undefined when it can. Pass it to `skip`, which prints it. */
export const recordingsAbsent: string | undefined = existsSync(cases)
  ? undefined
  : `no recordings in ${cases} (set SWITCHYARD_RECORDINGS)`;

/** All recordings, or those of one dialect; none when they are absent. */
export function recordings(dialect?: Recording['dialect']): Recording[] {
  if (recordingsAbsent !== undefined) return [];
  const folders = dialect === undefined ? readdirSync(cases).sort() : [dialect];
  return folders.flatMap((name) =>
    readdirSync(join(cases, name))
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(cases, name, file), 'utf8')) as Recording),
  );
}

/** The body as it came over the wire. */
export function recordedBytes(recording: Recording): Uint8Array {
  const { body, raw_prefix = '' } = recording;
  return new TextEncoder().encode(typeof body === 'string' ? body : raw_prefix + JSON.stringify(body));
}
