// What an import link says, checked before anybody is asked anything. Anyone can make such a link, and a click on a web
// page opens it.
import { normaliseBaseUrl } from '../../core/config/base-url.ts';
import { isAllowedPlace, keptHere, keyPlace } from '../../core/config/key-place.ts';
import type { Preset } from '../../core/config/preset.ts';
import { presetOf } from '../../core/config/presets.ts';
import { checkName, proposeName } from '../add-provider/plan.ts';
import { t } from '../translate.ts';

/** A provider as a link proposes it. It holds no key, no header and no proxy, and refers to nothing that is there. */
export interface LinkedProvider {
  presetId: string;
  preset: Preset;
  name: string;
  baseUrl: string;
  models: string[];
}

const longestLink = 2000;
const mostModels = 20;
const fields: ReadonlySet<string> = new Set(['preset', 'dialect', 'base_url', 'name', 'models']);
/** What takes the preset's place for a server of a known dialect. */
const customPresets = new Map([
  ['anthropic', 'custom-anthropic'],
  ['openai-chat', 'custom-openai'],
]);

/**
 * Reads `/import?preset=groq&name=…&models=a,b`, or with `dialect` and `base_url` in the place of the preset.
 * @param query what follows the question mark
 * @param taken names of providers and groups that exist
 * @throws an Error with one sentence for the user; it repeats nothing of the link but the names of fields
 */
export function readImportLink(path: string, query: string, taken: ReadonlySet<string>): LinkedProvider {
  if (path !== '/import') throw new Error(t('This link asks for nothing that Switchyard does.'));
  if (query.length > longestLink) throw new Error(t('The link is too long.'));
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(query)) throw new Error(t('The link holds control characters.'));
  const values = readFields(query);
  const { presetId, preset } = presetFor(values);
  const baseUrl = addressFor(values.get('base_url'), preset);
  const name = values.get('name') ?? proposeName(presetId, taken);
  const complaint = /^[\w.-]{1,50}$/.test(name)
    ? checkName(name, taken)
    : t('Use a name of at most 50 letters, digits, points and dashes.');
  if (complaint !== undefined) throw new Error(t('The name in the link: {0}', complaint));
  return { presetId, preset, name, baseUrl, models: readModels(values.get('models') ?? '') };
}

function readFields(query: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (/key|token|secret|password|auth|header|proxy/i.test(name))
      throw new Error(t('A link must not carry keys, headers or proxies.'));
    if (!fields.has(name)) throw new Error(t('The link holds an unknown field.'));
    if (values.has(name)) throw new Error(t('The link holds the field {0} twice.', name));
    values.set(name, value);
  }
  return values;
}

function presetFor(values: ReadonlyMap<string, string>): { presetId: string; preset: Preset } {
  const dialect = values.get('dialect');
  if (dialect !== undefined && values.has('preset'))
    throw new Error(t('The link names a preset and a dialect; one of them is enough.'));
  const presetId = dialect === undefined ? values.get('preset') : customPresets.get(dialect);
  const preset = presetOf(presetId);
  if (preset === undefined || presetId === undefined || keyPlace(preset.baseUrl || 'https://x') === keptHere)
    throw new Error(t('The link names no provider that Switchyard knows.'));
  return { presetId, preset };
}

/** A known provider's name must not stand for somebody else's address. */
function addressFor(url: string | undefined, preset: Preset): string {
  if (url === undefined && preset.baseUrl !== '') return preset.baseUrl;
  if (url === undefined || !/^https?:\/\//i.test(url))
    throw new Error(t('The link needs an address with https.'));
  let baseUrl: string;
  try {
    baseUrl = normaliseBaseUrl(url, preset.dialect);
  } catch (error) {
    throw new Error(
      t('The address in the link {0}.', error instanceof Error ? error.message : String(error)),
    );
  }
  const own = preset.baseUrl === '' ? [] : [keyPlace(preset.baseUrl)];
  if (own.length > 0 && !isAllowedPlace(keyPlace(baseUrl), own))
    throw new Error(t('The address in the link is none of {0}.', preset.label));
  if (own.length === 0 && !baseUrl.startsWith('https:') && !isThisMachine(baseUrl))
    throw new Error(t('The link needs an address with https.'));
  return baseUrl;
}

function isThisMachine(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(url)?.hostname ?? '');
}

function readModels(text: string): string[] {
  const models = [...new Set(text.split(',').filter((id) => id !== ''))];
  if (models.length > mostModels) throw new Error(t('The link names more than {0} models.', mostModels));
  if (models.some((id) => !/^[\w.:/@+-]{1,100}$/.test(id)))
    throw new Error(t('A model in the link has a name that models do not have.'));
  return models;
}
