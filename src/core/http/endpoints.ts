// Which path means what. Paths are matched after their spelling is evened out: double and trailing slashes, a prefix
// that some clients add (`/api`, `/anthropic`, `/claude`, `/openai`, `/gemini`), and a missing `/v1` make no difference.
import type { DialectId } from '../dialects/dialect.ts';
import { readModelPath } from '../dialects/gemini/client/asked-request.ts';

export type Endpoint = {
  /** The shape of errors on this path. */
  dialect: DialectId;
  /** Served without a token. */
  public: boolean;
} & (
  | { kind: 'root' | 'hello' | 'health' | 'messages' | 'count-tokens' | 'models' }
  | { kind: 'model'; model: string }
  /** Gemini's form: model and verb stand in the path. */
  | { kind: 'gemini-verb'; model: string; verb: string }
  | { kind: 'wrong-method'; allow: string }
  | { kind: 'unknown' }
);

interface Route {
  kind: 'root' | 'hello' | 'health' | 'messages' | 'count-tokens' | 'models';
  methods: readonly string[];
  public: boolean;
  dialect: DialectId;
}

const routes: Readonly<Record<string, Route>> = {
  '/': { kind: 'root', methods: ['GET', 'HEAD'], public: true, dialect: 'anthropic' },
  '/hello': { kind: 'hello', methods: ['GET', 'HEAD'], public: true, dialect: 'anthropic' },
  '/health': { kind: 'health', methods: ['GET', 'HEAD'], public: true, dialect: 'anthropic' },
  '/messages': { kind: 'messages', methods: ['POST'], public: false, dialect: 'anthropic' },
  '/messages/count_tokens': { kind: 'count-tokens', methods: ['POST'], public: false, dialect: 'anthropic' },
  '/chat/completions': { kind: 'messages', methods: ['POST'], public: false, dialect: 'openai-chat' },
  '/responses': { kind: 'messages', methods: ['POST'], public: false, dialect: 'openai-responses' },
  '/responses/input_tokens': {
    kind: 'count-tokens',
    methods: ['POST'],
    public: false,
    dialect: 'openai-responses',
  },
  '/models': { kind: 'models', methods: ['GET', 'HEAD'], public: false, dialect: 'anthropic' },
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

/** Finds the endpoint of a request; `path` comes without its query. Never throws. */
export function matchEndpoint(method: string, path: string): Endpoint {
  const normal = normalisePath(path);
  const route = Object.hasOwn(routes, normal) ? routes[normal] : undefined;
  if (route) {
    return route.methods.includes(method)
      ? { kind: route.kind, dialect: route.dialect, public: route.public }
      : { kind: 'wrong-method', allow: route.methods.join(', '), dialect: route.dialect, public: false };
  }
  // Model ids may hold a colon too: only a POST asks for a verb.
  const asked = method === 'POST' ? readModelPath(normal) : undefined;
  if (asked) return { kind: 'gemini-verb', ...asked, dialect: 'gemini', public: false };
  if (normal.startsWith('/models/')) {
    if (method !== 'GET' && method !== 'HEAD')
      return { kind: 'wrong-method', allow: 'GET, HEAD', dialect: 'anthropic', public: false };
    const model = decodePath(normal.slice('/models/'.length));
    if (model !== undefined) return { kind: 'model', model, dialect: 'anthropic', public: false };
  }
  return { kind: 'unknown', dialect: 'anthropic', public: false };
}

function decodePath(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
