// Models of a provider, with what the file, the preset and the name itself tell about them.
import type { Preset } from './preset.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { ModelConfig } from './router-config.ts';
import type { ModelEntry } from './schema-provider.ts';
import type { Path } from './source-node.ts';

/** Names that tell of vision. For presets whose models mostly read text only. */
const multimodal =
  /(?:^|[^a-z])(?:vl|vision|omni|llava|pixtral|claude|gemini|gpt-4o|gpt-4\.1|gpt-5)(?:[^a-z]|$)|glm-[\d.]+v|kimi-(?:k2\.5|k3)|gemma-?[34]/i;

/** The models in the order of the file; without a list, those that the preset suggests. */
export function resolveModels(
  entries: readonly ModelEntry[] | undefined,
  preset: Preset | undefined,
  path: Path,
  context: ResolveContext,
): ModelConfig[] {
  const list: readonly ModelEntry[] = entries ?? preset?.suggestedModels?.map((model) => model.id) ?? [];
  const models = new Map<string, ModelConfig>();
  for (const [index, entry] of list.entries()) {
    const details = typeof entry === 'string' ? { id: entry } : entry;
    const itemPath = [...path, index];
    if (/\s/.test(details.id)) {
      context.error(
        typeof entry === 'string' ? itemPath : [...itemPath, 'id'],
        'a model name can not hold spaces',
      );
    } else if (models.has(details.id)) {
      context.warn(itemPath, `the model "${details.id}" is listed twice; the first counts`);
    } else models.set(details.id, modelConfig(details, preset));
  }
  return [...models.values()];
}

/** One model, what its entry leaves open taken from the preset and the name. */
export function modelConfig(entry: Exclude<ModelEntry, string>, preset: Preset | undefined): ModelConfig {
  const known = preset?.suggestedModels?.find((model) => model.id === entry.id);
  const assumed = preset?.models ?? { vision: true, pdf: true };
  const context = entry.context ?? known?.context;
  const maxOutput = entry.max_output ?? known?.maxOutput;
  return {
    id: entry.id,
    ...(context !== undefined && { context }),
    ...(maxOutput !== undefined && { maxOutput }),
    params: entry.params ?? {},
    vision: entry.vision ?? known?.vision ?? (assumed.vision || multimodal.test(entry.id)),
    pdf: entry.pdf ?? known?.pdf ?? assumed.pdf,
    tools: entry.tools ?? true,
  };
}
