// Which path means what. Paths are matched after their spelling is evened out: double and trailing slashes, a prefix
// that some clients add (`/api`, `/anthropic`, `/claude`, `/openai`, `/gemini`), and a missing `/v1` make no difference.
import type { DialectId } from '../dialects/dialect.ts';
import { readModelPath } from '../dialects/gemini/client/asked-request.ts';

/** What is asked at a fixed path. */
type Place =
  | {
      kind:
        | 'root'
        | 'hello'
        | 'health'
        | 'messages'
        | 'embeddings'
        | 'count-tokens'
        | 'models'
        | 'model-info';
    }
  /** `path`: where the same is found at a provider. */
  | { kind: 'completions'; path: '/completions' | '/fim/completions' };

export type Endpoint = {
  /** The shape of errors on this path. */
  dialect: DialectId;
  /** Served without a token. */
  public: boolean;
  /** The model, where the path names it as Azure's clients do. */
  deployment?: string;
} & (
  | Place
  | { kind: 'model'; model: string }
  /** Gemini's form: model and verb stand in the path. */
  | { kind: 'gemini-verb'; model: string; verb: string }
  | { kind: 'wrong-method'; allow: string }
  | { kind: 'unknown' }
);

interface Route {
  methods: readonly string[];
  public: boolean;
  dialect: DialectId;
  place: Place;
}

function reading(kind: 'root' | 'hello' | 'health' | 'models' | 'model-info', isPublic: boolean): Route {
  return { methods: ['GET', 'HEAD'], public: isPublic, dialect: 'anthropic', place: { kind } };
}

function asking(dialect: DialectId, place: Place): Route {
  return { methods: ['POST'], public: false, dialect, place };
}

const routes: Readonly<Record<string, Route>> = {
  '/': reading('root', true),
  '/hello': reading('hello', true),
  '/health': reading('health', true),
  '/messages': asking('anthropic', { kind: 'messages' }),
  '/messages/count_tokens': asking('anthropic', { kind: 'count-tokens' }),
  '/chat/completions': asking('openai-chat', { kind: 'messages' }),
  '/responses': asking('openai-responses', { kind: 'messages' }),
  '/responses/input_tokens': asking('openai-responses', { kind: 'count-tokens' }),
  '/embeddings': asking('openai-chat', { kind: 'embeddings' }),
  '/completions': asking('openai-chat', { kind: 'completions', path: '/completions' }),
  '/fim/completions': asking('openai-chat', { kind: 'completions', path: '/fim/completions' }),
  '/models': reading('models', false),
  '/model/info': { ...reading('model-info', false), dialect: 'openai-chat' },
};

const clientPrefixes = ['/anthropic', '/claude', '/openai', '/gemini', '/api', '/v1', '/v1beta'];

/** Evens out a path: `//v1//messages/` → `/messages`. A model id behind `/models/` is left as it is. */
function normalisePath(path: string): string {
  let normal = `/${path.replace(/^\/+/, '')}`;
  const models = normal.indexOf('/models/');
  const tail = models === -1 ? '' : normal.slice(models + '/models/'.length);
  if (models !== -1) normal = normal.slice(0, models + '/models'.length);
  normal = normal.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
  for (const prefix of clientPrefixes) {
    if (normal === prefix) normal = '/';
    else if (normal.startsWith(`${prefix}/`)) normal = normal.slice(prefix.length);
  }
  return tail === '' ? normal : `${normal}/${tail}`;
}

/** Google's clients share the path of the model list with all others; they tell by their own header or their key's place. */
export function isGoogleClient(request: {
  headers: Readonly<Record<string, unknown>>;
  query: URLSearchParams;
}): boolean {
  const { headers, query } = request;
  return (
    headers['x-goog-api-client'] !== undefined || headers['x-goog-api-key'] !== undefined || query.has('key')
  );
}

/**
 * Finds the endpoint of a request; `path` comes without its query. Never throws.
 * @param google the client is one of Google's: model lists have their shape
 */
export function matchEndpoint(method: string, path: string, google = false): Endpoint {
  const endpoint = endpointAt(method, path);
  const listing = endpoint.kind === 'models' || endpoint.kind === 'model';
  return google && listing ? { ...endpoint, dialect: 'gemini' } : endpoint;
}

function endpointAt(method: string, path: string): Endpoint {
  const normal = normalisePath(path);
  const { place, deployment } = azurePlace(normal);
  const route = Object.hasOwn(routes, place) ? routes[place] : undefined;
  // Only Google's clients know this version.
  const dialect = /^\/+(?:[a-z]+\/+)?v1beta\//.test(path) ? 'gemini' : (route?.dialect ?? 'anthropic');
  if (route) {
    if (!route.methods.includes(method))
      return { kind: 'wrong-method', allow: route.methods.join(', '), dialect, public: false };
    const endpoint: Endpoint = { ...route.place, dialect, public: route.public };
    if (deployment !== undefined) endpoint.deployment = deployment;
    return endpoint;
  }
  // Model ids may hold a colon too: only a POST asks for a verb.
  const asked = method === 'POST' ? readModelPath(normal) : undefined;
  if (asked) return { kind: 'gemini-verb', ...asked, dialect: 'gemini', public: false };
  if (normal.startsWith('/models/')) {
    if (method !== 'GET' && method !== 'HEAD')
      return { kind: 'wrong-method', allow: 'GET, HEAD', dialect, public: false };
    const model = decodePath(normal.slice('/models/'.length));
    if (model !== undefined) return { kind: 'model', model, dialect, public: false };
  }
  return { kind: 'unknown', dialect, public: false };
}

/** Azure OpenAI's paths: `/openai/deployments/{model}/chat/completions` and its like. */
function azurePlace(normal: string): { place: string; deployment?: string } {
  const match = /^\/deployments\/(.+?)(\/chat\/completions|\/embeddings|\/completions)$/.exec(normal);
  const deployment = match?.[1] === undefined ? undefined : decodePath(match[1]);
  return match?.[2] === undefined || deployment === undefined
    ? { place: normal }
    : { place: match[2], deployment };
}

function decodePath(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
