// Which known provider an address belongs to, so that what is known about it (quirks, vision, limits) holds here too.
import type { DialectId } from '../../dialects/dialect.ts';
import type { Preset } from '../preset.ts';
import { presets } from '../presets.ts';

/** The id of the preset whose server this is and that has the dialect; undefined for machines nearby and unknown hosts. */
export function presetByHost(url: string, dialect: DialectId): string | undefined {
  const host = URL.parse(url)?.hostname;
  if (host === undefined || !host.includes('.') || /^[\d.]+$/.test(host)) return undefined;
  return Object.entries(presets).find(([, preset]) =>
    addresses(preset, dialect).some((address) => URL.parse(address)?.hostname === host),
  )?.[0];
}

function addresses(preset: Preset, dialect: DialectId): string[] {
  const known = preset.dialect === dialect || preset.alternatives?.[dialect] !== undefined;
  if (!known) return [];
  const regions = preset.regions?.map(({ baseUrl }) => baseUrl) ?? [];
  return [preset.baseUrl, preset.alternatives?.[dialect]?.baseUrl ?? '', ...regions];
}

/** A name for a provider of which only the address is known: `api-inference.modelscope.cn` → `modelscope`, `localhost:4000` → `localhost-4000`. */
export function nameByHost(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return 'provider';
  const { hostname, port } = parsed;
  const parts = hostname.split('.');
  if (parts.length === 1 || /^[\d.]+$/.test(hostname) || hostname.startsWith('['))
    return [hostname.replace(/[[\]]/g, '').replaceAll(':', '.'), port]
      .filter((part) => part !== '')
      .join('-');
  // The label before the public suffix; `co.uk` and `com.cn` count as one suffix.
  const suffix = /\.(?:co|com|net|org|ac|gov|edu)\.[a-z]{2}$/.test(hostname) ? 2 : 1;
  return parts.at(-1 - suffix) ?? hostname;
}
