// The shapes of `resilience` and `error_rules` in the config file. Descriptions feed the JSON schema and the reference.
import { z } from 'zod';
import { defaultResilience } from './defaults.ts';

export const resilienceSchema = z
  .strictObject({
    retries: z.int().min(0).max(20).optional().meta({
      description: 'Repeats on a target that was tried already.',
      default: defaultResilience.retries,
    }),
    max_attempts: z.int().min(1).max(100).optional().meta({
      description: 'Attempts of one request, fallbacks included.',
      default: defaultResilience.maxAttempts,
    }),
    cooldown: z.number().min(0).max(86_400).optional().meta({
      description: 'Seconds that a failing target is left alone.',
      default: defaultResilience.cooldown,
    }),
    allowed_fails: z.int().min(0).max(1000).optional().meta({
      description: 'Passing failures within 60 s that are forgiven before that.',
      default: defaultResilience.allowedFails,
    }),
    max_wait: z.number().min(0).max(600).optional().meta({
      description: 'Longest wait in seconds for a target to come back.',
      default: defaultResilience.maxWait,
    }),
  })
  .describe('How failures are survived.');

/** What a rule can do with a failure. */
export const errorActions = ['stop', 'next', 'cool'] as const;

const status = z.int().min(300).max(599);

export const errorRuleSchema = z
  .strictObject({
    provider: z.string().min(1).optional().describe('Name of the provider. Unset: all.'),
    status: z
      .union([status, z.array(status).min(1)])
      .optional()
      .describe("HTTP status of the provider's answer, or a list of them. Unset: any failure."),
    match: z
      .string()
      .min(1)
      .optional()
      .describe(
        'What the answer must hold: a text or a pattern in [RE2 syntax](https://github.com/google/re2/wiki/Syntax); case does not matter. Unset: anything.',
      ),
    do: z
      .enum(errorActions)
      .describe(
        '`stop`: the client gets the failure at once. `next`: the next target is tried, this one is not left alone. `cool`: the next target is tried and this one left alone.',
      ),
    for: z
      .number()
      .positive()
      .max(31 * 86_400)
      .optional()
      .describe('Seconds, for `cool`. Unset: as after other failures.'),
  })
  .describe('What to do about a failure that Switchyard would judge differently.');

export type ResilienceEntry = z.infer<typeof resilienceSchema>;
export type ErrorRuleEntry = z.infer<typeof errorRuleSchema>;
