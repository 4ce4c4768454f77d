// Targets and routes of the config file.
import { z } from 'zod';
import { defaultLongContext, defaultThinkEffort } from './defaults.ts';
import { effortLevels, type RouteName } from './route-names.ts';

export const targetText = z
  .string()
  .min(1)
  .describe('`provider/model` (also `provider,model`), the name of a group, or one of its aliases.');

function routeSchema<Shape extends z.ZodRawShape>(description: string, extra: Shape) {
  return z
    .union([targetText, z.strictObject({ to: targetText, ...extra })])
    .optional()
    .describe(description);
}

export const routesSchema = z
  .strictObject({
    default: routeSchema('Everything that no other route takes.', {}),
    background: routeSchema("The client's small background jobs.", {}),
    think: routeSchema('Requests with high effort, and plan mode.', {
      effort: z
        .enum(effortLevels)
        .optional()
        .meta({ description: 'Effort at or above this level takes the route.', default: defaultThinkEffort }),
    }),
    longContext: routeSchema('Long prompts.', {
      threshold: z.int().positive().optional().meta({
        description: 'Estimated input tokens above this take the route.',
        default: defaultLongContext,
      }),
    }),
    webSearch: routeSchema("Requests that carry Anthropic's web search tool.", {}),
    image: routeSchema('New images or documents for a target without vision.', {}),
    subagent: routeSchema("Claude Code's subagents and workflows.", {}),
    compaction: routeSchema('Summaries of conversations that grew too long.', {}),
    classifier: routeSchema("The permission check of Claude Code's auto mode.", {}),
  } satisfies Record<RouteName, z.ZodType>)
  .describe('Which target serves which kind of request. An absent route falls to `default`.');

export type RoutesEntry = z.infer<typeof routesSchema>;
