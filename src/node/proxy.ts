// Which proxy a call goes through: the provider's own, the editor's, the environment's, or none.
import { BlockList, isIP } from 'node:net';
import { isLoopbackAddress } from './loopback.ts';

export interface ProxySources {
  /** The editor's `http.proxy` and `http.noProxy`; empty when there is no editor. */
  editor: { proxy: string; noProxy: readonly string[] };
  env: Record<string, string | undefined>;
}

/**
 * The proxy URL for a call, or undefined for a direct connection. Loopback is always direct.
 * @param own the provider's setting: a URL, `direct`, or undefined
 */
export function chooseProxy(target: URL, own: string | undefined, sources: ProxySources): string | undefined {
  if (isLoopbackAddress(target.hostname) || own === 'direct') return undefined;
  if (own) return withScheme(own);
  if (isExcluded(target, [...sources.editor.noProxy, ...environmentExclusions(sources.env)]))
    return undefined;
  if (sources.editor.proxy) return withScheme(sources.editor.proxy);
  const names = target.protocol === 'https:' ? ['https_proxy', 'all_proxy'] : ['http_proxy', 'all_proxy'];
  for (const name of names) {
    // Lower case wins, as in curl.
    const value = sources.env[name] || sources.env[name.toUpperCase()];
    if (value) return withScheme(value);
  }
  return undefined;
}

function environmentExclusions(env: Record<string, string | undefined>): string[] {
  return (env.no_proxy || env.NO_PROXY || '').split(/[\s,]+/);
}

/** `example.com` and `.example.com` mean the domain and all below it; also `*`, `host:port`, addresses and CIDR blocks. */
function isExcluded(target: URL, entries: readonly string[]): boolean {
  const host = target.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return entries.some((raw) => {
    const entry = raw.trim().toLowerCase();
    if (entry === '') return false;
    if (entry === '*') return true;
    if (entry.includes('/')) return inBlock(host, entry);
    const match = isIP(entry) === 6 ? undefined : /^(.*?)(?::(\d+))?$/.exec(entry);
    const name = (match?.[1] ?? entry).replace(/^\[|\]$/g, '');
    const onlyPort = match?.[2];
    if (onlyPort !== undefined && onlyPort !== port) return false;
    const domain = name.replace(/^\*?\./, '');
    return host === domain || (isIP(domain) === 0 && host.endsWith(`.${domain}`));
  });
}

function inBlock(host: string, block: string): boolean {
  const [address = '', bits = ''] = block.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d+$/.test(bits)) return false;
  const list = new BlockList();
  const type = family === 6 ? 'ipv6' : 'ipv4';
  try {
    list.addSubnet(address, Number(bits), type);
  } catch {
    return false;
  }
  return list.check(host, type);
}

/** Many settings say `127.0.0.1:7890` and mean HTTP. */
function withScheme(proxy: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}
