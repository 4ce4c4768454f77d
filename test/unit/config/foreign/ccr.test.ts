// claude-code-router's config.json: what each field becomes, and what is said where it can't.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTarget } from '../../../../src/core/config/target.ts';
import { good, lines, loadCcr, routesOf } from './load-foreign.ts';

const provider = {
  name: 'p',
  api_base_url: 'https://models.example.org/v1/chat/completions',
  api_key: 'k',
  models: ['m', 'n'],
};
/** `${NAME}` */
const braced = (name: string) => `$\{${name}}`;
const withProvider = (changes: object, rest: object = {}) => ({
  Providers: [{ ...provider, ...changes }],
  Router: { default: 'p,m' },
  ...rest,
});

test('JSON5: comments, trailing commas, single quotes; positions stay', async () => {
  const loaded = await loadCcr(`// my set-up
{
  /* all of them
     behind one relay */
  'Providers': [
    { "name": "p", "api_base_url": "http://127.0.0.1:9/v1", // not a comment: "//"
      "models": ["m",], },
  ],
  "Router": { "default": "p,m", "think": "elsewhere,m" },
}
`);
  assert.deepEqual(lines(loaded), [
    'warning config.json:9:42 Router.think: the file defines no provider "elsewhere"; "think" falls to the default route',
  ]);
  assert.equal(good(loaded).providers.get('p')?.baseUrl, 'http://127.0.0.1:9/v1');
});

test('providers in lower case, variables with and without braces anywhere; a missing one takes out what needs it', async () => {
  const loaded = await loadCcr(
    {
      providers: [
        { ...provider, api_key: '$KEY_A' },
        { ...provider, name: 'q', api_base_url: `https://${braced('HOST_B')}/v1`, api_key: braced('KEY_B') },
        { ...provider, name: 'r', api_key: '$KEY_C' },
      ],
      Router: { default: 'p,m' },
    },
    { KEY_A: 'a', HOST_B: 'b.example.org', KEY_B: 'b' },
  );
  const config = good(loaded);
  assert.deepEqual(
    [...config.providers.values()].map(({ keys }) => keys[0]?.reference),
    ['env:KEY_A', 'env:KEY_B', 'env:KEY_C'],
  );
  assert.equal(config.providers.get('q')?.baseUrl, 'https://b.example.org/v1');
  assert.deepEqual(lines(loaded), [
    'warning config.json:24:18 providers[2].api_key: the environment variable "KEY_C" is not set; this key is not used',
  ]);
  assert.equal(loaded.fileKeys.size, 0);
});

const dialects: [name: string, changes: object, dialect: string, baseUrl: string][] = [
  ['an endpoint of chat completions', {}, 'openai-chat', 'https://models.example.org/v1'],
  [
    'a base URL',
    { api_base_url: 'https://models.example.org/v1' },
    'openai-chat',
    'https://models.example.org/v1',
  ],
  [
    'Anthropic by transformer',
    { api_base_url: 'https://models.example.org/v1/messages', transformer: { use: ['Anthropic'] } },
    'anthropic',
    'https://models.example.org',
  ],
  [
    'Anthropic in lower case',
    { transformer: { use: ['anthropic'] }, api_base_url: 'https://models.example.org' },
    'anthropic',
    'https://models.example.org',
  ],
  [
    'Anthropic by its endpoint alone',
    { api_base_url: 'https://models.example.org/v1/messages' },
    'anthropic',
    'https://models.example.org',
  ],
  [
    'Responses',
    { api_base_url: 'https://models.example.org/v1/responses', transformer: { use: ['openai-responses'] } },
    'openai-responses',
    'https://models.example.org/v1',
  ],
  [
    'Gemini without the last slash',
    { api_base_url: 'https://models.example.org/v1beta/models', transformer: { use: ['gemini'] } },
    'gemini',
    'https://models.example.org/v1beta',
  ],
  [
    'Gemini by its endpoint alone',
    { api_base_url: 'https://models.example.org/v1beta/models/' },
    'gemini',
    'https://models.example.org/v1beta',
  ],
];
for (const [name, changes, dialect, baseUrl] of dialects) {
  test(`address: ${name}`, async () => {
    const loaded = await loadCcr(withProvider(changes));
    assert.deepEqual(lines(loaded), []);
    const found = good(loaded).providers.get('p');
    assert.deepEqual([found?.dialect, found?.baseUrl], [dialect, baseUrl]);
  });
}

test('a known host brings what is known about it, in the dialect of the file', async () => {
  const loaded = await loadCcr(
    withProvider({
      api_base_url: 'https://openrouter.ai/api/v1/chat/completions',
      transformer: { use: ['openrouter'] },
    }),
  );
  const found = good(loaded).providers.get('p');
  assert.equal(found?.preset, 'openrouter');
  assert.equal(found?.dialect, 'openai-chat');
  assert.equal(found?.quirks.reasoning, 'openrouter');
});

test('transformers of a provider and of a model: limits, parameters, quirks', async () => {
  const loaded = await loadCcr(
    withProvider({
      transformer: {
        use: [
          ['openrouter', { provider: { only: ['moonshotai/fp8'] } }],
          ['maxtoken', { max_tokens: 16_384 }],
          'enhancetool',
        ],
        m: { use: [['sampling', { temperature: 0.2, max_tokens: 4096 }], 'tooluse'] },
      },
    }),
  );
  assert.deepEqual(lines(loaded), []);
  const found = good(loaded).providers.get('p');
  const [m, n] = found?.models ?? [];
  assert.deepEqual(
    [m?.maxOutput, m?.params],
    [4096, { provider: { only: ['moonshotai/fp8'] }, temperature: 0.2 }],
  );
  assert.deepEqual([n?.maxOutput, n?.params], [16_384, { provider: { only: ['moonshotai/fp8'] } }]);
  assert.equal(found?.quirks.reasoningHistory, 'reasoning_details');
});

test('transformers that can not be carried over are named at their place', async () => {
  const loaded = await loadCcr(
    withProvider(
      {
        transformer: {
          use: ['my-own', ['vertex-gemini', {}], 7, []],
          m: { use: ['reasoning'] },
          other: { use: ['maxtoken'] },
        },
      },
      { transformers: [{ path: '/home/me/plugin.js' }] },
    ),
  );
  assert.deepEqual(
    lines(loaded).map((line) => line.replace(/^warning config.json:\d+:\d+ /, '')),
    [
      'Providers[0].transformer.use[0]: the transformer "my-own" is a program of your own; it is not run',
      'Providers[0].transformer.use[1]: the transformer "vertex-gemini" needs a login at Google Cloud, which is not supported; the provider is switched off',
      'Providers[0].transformer.use[2]: the transformer "7" is a program of your own; it is not run',
      'Providers[0].transformer.use[3]: must be the name of a transformer, or ["name", {options}]',
      'Providers[0].transformer.m: of one model only limits and parameters are carried over; make a second provider for what its wire format differs in',
      'Providers[0].transformer.other: "other" is no model of this provider; its transformers are left out',
      'transformers: "transformers": programs from files are not run; use "quirks" and "params" of a provider',
    ],
  );
  assert.equal(good(loaded).providers.get('p')?.enabled, false);
});

test('routes: names in other case, spaces, unlisted models, thresholds as text, unknown routes', async () => {
  const loaded = await loadCcr({
    Providers: [provider],
    Router: {
      default: 'P, m',
      think: 'p,unlisted',
      background: 'p,',
      longContext: 'p,n',
      longContextThreshold: '9000',
      webSearch: '',
      custom: 'p,m',
    },
  });
  const config = good(loaded);
  assert.deepEqual(routesOf(config), {
    default: 'p/m',
    think: 'p/unlisted',
    background: 'p/m',
    longContext: 'p/n',
  });
  assert.equal(config.routes.longContext?.threshold, 9000);
  assert.deepEqual(
    lines(loaded).map((line) => line.replace(/:\d+:\d+ /, ' ')),
    [
      'warning config.json Router.background: "p" is a provider; its first model "m" is taken',
      'warning config.json Router.custom: "custom" is no route here; it is left out',
    ],
  );
});

test('a default route to nowhere is an error: nothing could be served', async () => {
  const loaded = await loadCcr({ Providers: [provider], Router: { default: 'q,m' } });
  assert.equal(loaded.config, undefined);
  assert.deepEqual(
    lines(loaded).map((line) => line.replace(/:\d+:\d+ /, ' ')),
    ['error config.json Router.default: no provider "q"; did you mean "p"?'],
  );
});

test('fallback: the route becomes a group that has it', async () => {
  const loaded = await loadCcr({
    Providers: [provider, { ...provider, name: 'q' }],
    Router: { default: 'p,m' },
    fallback: { default: ['q,m', 'x,m'], think: ['q,m'] },
  });
  const config = good(loaded);
  assert.deepEqual(routesOf(config), { default: 'default-route' });
  const group = config.groups.get('default-route');
  assert.deepEqual(group?.targets.map(formatTarget), ['p/m']);
  assert.deepEqual(group?.fallbacks.map(formatTarget), ['q/m']);
  assert.deepEqual(
    lines(loaded).map((line) => line.replace(/:\d+:\d+ /, ' ')),
    [
      'warning config.json fallback.default[1]: the file defines no provider "x"; did you mean "p"?; this is left out',
      'warning config.json fallback.think[0]: there is no route "think" that could fall back; this is left out',
    ],
  );
});

test('names that our targets can not hold are changed, everywhere', async () => {
  const loaded = await loadCcr({
    Providers: [{ ...provider, name: 'my own/one' }],
    Router: { default: 'my own/one,m' },
  });
  const config = good(loaded);
  assert.deepEqual(routesOf(config), { default: 'my-own-one/m' });
  assert.match(lines(loaded).join('\n'), /Providers\[0\]\.name: is called "my-own-one" here/);
});

test('proxy for those that are far, port, empty key, unknown fields', async () => {
  const loaded = await loadCcr({
    PORT: '4567',
    HOST: '0.0.0.0',
    PROXY_URL: 'http://127.0.0.1:7890',
    Providers: [
      { ...provider, api_key: '', colour: 'red' },
      { ...provider, name: 'near', api_base_url: 'http://127.0.0.1:9/v1' },
    ],
    Router: { default: 'p,m' },
    CUSTOM_ROUTER_PATH: '/home/me/router.js',
    Colour: 'red',
  });
  const config = good(loaded);
  assert.equal(config.server.port, 4567);
  assert.equal(config.providers.get('p')?.proxy, 'http://127.0.0.1:7890');
  assert.equal(config.providers.get('near')?.proxy, undefined);
  assert.deepEqual(
    lines(loaded)
      .map((line) => line.replace(/^warning config.json:\d+:\d+ /, ''))
      .sort(),
    [
      '"0.0.0.0" is not served',
      '"Colour" is not a field',
      '"CUSTOM_ROUTER_PATH": the program',
      '"colour" is not known',
      'the key of "p" is empty',
    ]
      .map(
        (part) =>
          lines(loaded)
            .find((line) => line.includes(part))
            ?.replace(/^warning config.json:\d+:\d+ /, '') ?? `missing: ${part}`,
      )
      .sort(),
  );
});
