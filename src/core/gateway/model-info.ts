// GET /v1/model/info: the list of models as LiteLLM's proxy gives it. Cline's LiteLLM provider reads it (cline/cline
// src/core/controller/models/refreshLiteLlmModels.ts). No addresses, no keys.
import type { RouterConfig } from '../config/router-config.ts';
import { formatTarget } from '../config/target.ts';
import { factsOf } from '../routing/target-facts.ts';
import { type ListedModel, listModels } from './models.ts';

export function modelInfo(config: RouterConfig): unknown {
  return { data: listModels(config).map((model) => infoOf(config, model)) };
}

function infoOf(config: RouterConfig, { id, target }: ListedModel): unknown {
  const facts = factsOf(config, target);
  return {
    model_name: id,
    litellm_params: { model: formatTarget(target) },
    model_info: {
      id,
      mode: facts.embeds ? 'embedding' : 'chat',
      // What is not known is null, as LiteLLM says it.
      max_tokens: facts.maxOutput ?? null,
      max_input_tokens: facts.context ?? null,
      max_output_tokens: facts.maxOutput ?? null,
      supports_vision: facts.vision,
      supports_pdf_input: facts.pdf,
      supports_prompt_caching: facts.promptCaching,
      supports_function_calling: !facts.embeds,
    },
  };
}
