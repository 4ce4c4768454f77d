// The one schema of the config file: types, messages, media/config.schema.json and docs/configuration.md come from it.
import { z } from 'zod';
import { defaultDropParams, defaultSticky, defaultStrategy, defaultWeight } from './defaults.ts';
import { strategies } from './router-config.ts';
import { clientSchema, profileSchema } from './schema-clients.ts';
import { providerSchema } from './schema-provider.ts';
import { errorRuleSchema, resilienceSchema } from './schema-resilience.ts';
import { routesSchema, targetText } from './schema-routes.ts';
import { rulesSchema } from './schema-rules.ts';

const groupTarget = z
  .union([
    targetText,
    z.strictObject({
      to: targetText,
      weight: z.number().min(0).max(1_000_000).optional().meta({
        description:
          'Its part of the requests with the strategy `weighted`; `0`: only when no other is left.',
        default: defaultWeight,
      }),
    }),
  ])
  .describe('A target: its name, or a map with its name and weight.');

const groupSchema = z
  .strictObject({
    targets: z
      .array(groupTarget)
      .min(1)
      .describe('What serves the group, best first: models of providers, or other groups.'),
    strategy: z.enum(strategies).optional().meta({
      description:
        'How the target of a new session is picked: in order, in turn, by weight, by fewest calls under way, by shortest time to the first word, or by fewest tokens in the last minute.',
      default: defaultStrategy,
    }),
    sticky: z.boolean().optional().meta({
      description:
        "A session stays on its target while that works: a switch throws away the provider's prompt cache. `false`: the strategy picks anew for every request.",
      default: defaultSticky,
    }),
    aliases: z
      .array(z.string().min(1))
      .optional()
      .describe('Other model names, exact or with `*`, that mean this group when the default route is taken.')
      .meta({ examples: [['claude-sonnet-4-5-20250929', 'claude-3-5-sonnet-*']] }),
    fallbacks: z.array(targetText).optional().describe('Tried in order when every target is out.'),
    context_fallbacks: z
      .array(targetText)
      .optional()
      .describe(
        'Tried in order when a prompt is too long for the group; also take summaries of conversations that would hardly fit.',
      ),
  })
  .describe('One name for a model that several providers offer, whatever they call it.');

export const configSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Address of this schema, for editors.'),
    include: z
      .union([z.array(z.string()), z.string()])
      .optional()
      .describe(
        'Further files, relative to this one, `*` allowed. Lists are appended, maps merged, later files win: first this file, then the included ones in order.',
      )
      .meta({ examples: [['models/*.yaml']] }),
    server: z
      .strictObject({
        port: z
          .int()
          .min(1)
          .max(65_535)
          .optional()
          .describe(
            'Port on the loopback addresses. Unset: the first free one from 3456 up, which is then kept.',
          ),
      })
      .optional()
      .describe('Where clients reach the router. Always loopback only.'),
    providers: z
      .record(z.string(), providerSchema)
      .optional()
      .describe('Where models come from, by names of your choice.'),
    groups: z
      .record(z.string(), groupSchema)
      .optional()
      .describe('Model groups, by the names that clients ask for.'),
    routes: routesSchema.optional(),
    rules: rulesSchema.optional(),
    profile: z
      .string()
      .min(1)
      .optional()
      .describe('The profile that is in force unless a client or a request names another one.'),
    profiles: z
      .record(z.string(), profileSchema)
      .optional()
      .describe(
        'Sets of routes that take the place of others while the profile is in force, by names of your choice.',
      )
      .meta({ examples: [{ cheap: { routes: { default: 'gpt-mini' } } }] }),
    clients: z.array(clientSchema).optional(),
    fallbacks: z
      .record(z.string(), z.array(targetText))
      .optional()
      .describe('By group, or `"*"` for all: targets that are tried when every target of the group is out.')
      .meta({ examples: [{ '*': ['gemini-flash'] }] }),
    resilience: resilienceSchema.optional(),
    error_rules: z
      .array(errorRuleSchema)
      .optional()
      .describe('Failures that you judge differently; the first rule that fits decides.')
      .meta({
        examples: [[{ provider: 'modelscope', status: 400, match: 'quota', do: 'cool', for: 3600 }]],
      }),
    models: z
      .strictObject({
        drop_params: z.boolean().optional().meta({
          description: 'Drop request fields that the provider does not know.',
          default: defaultDropParams,
        }),
      })
      .optional()
      .describe('What holds for all models.'),
  })
  .describe('Configuration of Switchyard.');

export type ConfigEntry = z.infer<typeof configSchema>;
export type GroupEntry = NonNullable<ConfigEntry['groups']>[string];
