// Profiles and clients of the config file.
import { z } from 'zod';
import { routesSchema } from './schema-routes.ts';
import { rulesSchema } from './schema-rules.ts';

export const profileSchema = z.strictObject({
  routes: routesSchema.optional().describe('Take the place of the routes of the same name.'),
  rules: rulesSchema.optional().describe('Come before the other rules.'),
});

export const clientSchema = z
  .strictObject({
    name: z.string().min(1).max(100).describe('For rules, log and records.'),
    token: z
      .string()
      .min(1)
      .describe('The token that it sends: `secret:NAME` or `env:NAME`, never the token itself.'),
    routes: routesSchema
      .optional()
      .describe('Take the place of the routes of the same name for this client.'),
    profile: z.string().min(1).optional().describe('The profile that is in force for this client.'),
    rpm: z.int().positive().optional().describe('Most requests in a minute; more are answered with 429.'),
  })
  .describe('Further tokens beside the main one. Each names its client.')
  .meta({ examples: [[{ name: 'cherry-studio', token: 'secret:cherry', routes: { default: 'gpt-mini' } }]] });

export type ClientEntry = z.infer<typeof clientSchema>;
export type ProfileEntry = z.infer<typeof profileSchema>;
