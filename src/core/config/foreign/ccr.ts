// claude-code-router's config.json (versions 1 and 2) in our own form. The file runs as it is; nothing in it is executed.
import type { MapNode, SourceNode } from '../source-node.ts';
import { ccrFields } from './ccr-fields.ts';
import { type CcrDefaults, translateCcrProvider } from './ccr-provider.ts';
import { translateCcrRouter } from './ccr-router.ts';
import { secondsOf, type TranslateContext } from './context.ts';
import { Fields, mapTexts } from './fields.ts';

/** Adds what the file says to the draft. */
export function translateCcr(tree: MapNode, context: TranslateContext): void {
  const { draft, report, keys } = context;
  const file = new Fields(mapTexts(tree, withOurVariables) as MapNode, report);
  const defaults = defaultsOf(file);
  const names = new Map<string, string>();
  for (const entry of file.maps('Providers')) {
    const found = translateCcrProvider(entry, defaults, context);
    if (found !== undefined) names.set(found.written, found.name);
  }
  translateCcrRouter(file.map('Router'), file.map('fallback'), names, context);

  const port = file.number('PORT');
  const portNode = file.get('PORT');
  if (port !== undefined && portNode !== undefined) draft.set(['server', 'port'], port, portNode);
  const tokenNode = file.get('APIKEY');
  const token = keys.refer(file.text('APIKEY') ?? '', 'claude-code-router');
  if (tokenNode !== undefined && token !== 'none')
    draft.push(['clients'], { name: 'claude-code-router', token }, tokenNode);
  const host = file.text('HOST') ?? '127.0.0.1';
  if (!/^(?:127\.[\d.]+|localhost|::1)$/.test(host)) {
    const node = file.get('HOST') as SourceNode;
    report.warn(node, `"${host}" is not served: the router listens on the loopback addresses only`);
  }
  reportRest(file, context);
}

/** `$NAME` and `${NAME}` in any text become `${env:NAME}`, whose absence is named instead of passed on. */
function withOurVariables(text: string): string {
  if (!text.includes('$')) return text;
  return text.replace(
    /\$\{(?!env:)([^}]+)\}|\$([A-Z_][A-Z0-9_]*)/g,
    (_, braced: string | undefined, bare: string | undefined) => `\${env:${braced ?? bare}}`,
  );
}

function defaultsOf(file: Fields): CcrDefaults {
  const proxies = ['PROXY_URL', 'HTTPS_PROXY', 'https_proxy', 'httpsProxy'].flatMap(
    (name) => file.get(name) ?? [],
  );
  const proxy = proxies.find((node) => node.kind === 'scalar' && node.value !== '');
  const milliseconds = file.number('API_TIMEOUT_MS');
  const seconds = secondsOf(milliseconds === undefined ? undefined : milliseconds / 1000);
  const node = file.get('API_TIMEOUT_MS');
  return {
    ...(proxy !== undefined && { proxy }),
    ...(seconds !== undefined && node !== undefined && { timeout: { seconds, node } }),
  };
}

function reportRest(file: Fields, { report }: TranslateContext): void {
  for (const [name, node] of file.rest()) {
    const fate = Object.hasOwn(ccrFields, name) ? ccrFields[name] : undefined;
    if (fate?.note === undefined)
      report.warn(node, `"${name}" is not a field of claude-code-router; it is left out`);
    else if (fate.warn) report.warn(node, `"${name}": ${fate.note}`);
    else report.note(node, fate.note);
  }
  const host = file.get('HOST');
  if (host !== undefined) report.note(host, ccrFields.HOST?.note ?? '');
}
