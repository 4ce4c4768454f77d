// Rules of the config file. What a condition's text means is said in `core/rules/conditions.ts`.
import { z } from 'zod';
import { effortLevels, routeNames } from './route-names.ts';
import { targetText } from './schema-routes.ts';

function condition(description: string) {
  return z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe(description);
}

const whenSchema = z
  .strictObject({
    model: condition('The model that the client asked for; `*` allowed.').meta({
      examples: ['claude-opus-*'],
    }),
    class: condition(
      'What kind of request it is: `main`, `subagent`, `workflow`, `compaction`, `auxiliary` or `side_reply` (Claude Code).',
    ),
    agent_type: condition("The subagent's type; `*` allowed.").meta({ examples: ['Explore'] }),
    effort: condition('The effort that was asked for: a level, or a comparison.').meta({
      examples: ['>= high'],
    }),
    tokens: z
      .union([z.string().min(1), z.number(), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe('Estimated input tokens: a comparison or a span.')
      .meta({ examples: ['< 20000'] }),
    tools: condition(
      'A tool that the request offers (`*` allowed), `none`, or a comparison with their number.',
    ).meta({
      examples: ['mcp__github__*'],
    }),
    image: z.boolean().optional().describe('Whether the last turn holds an image or document.'),
    text: condition(
      'A pattern (RE2 syntax, case does not matter) in what the user wrote last, within its first 20,000 characters.',
    ).meta({ examples: ['\\brefactor'] }),
    client: condition('The name of one of `clients`; `*` allowed.'),
    workspace: condition(
      "The folder of the client's workspace or one above it; `*` and a leading `~` allowed.",
    ).meta({
      examples: ['~/work/*'],
    }),
    time: condition('Local time: hours, days, or both.').meta({ examples: ['mon-fri 22:00-06:00'] }),
  })
  // The name of the field holds a name of the user's choice, which no list of fields can: the resolver checks them.
  .catchall(z.unknown())
  .describe(
    'What must hold, all of it; of a list, any. `header.<name>` is a field too: the value of a request header, `*` allowed.',
  );

export const rulesSchema = z
  .array(
    z.strictObject({
      name: z.string().min(1).max(100).optional().describe('For the log and the reasons.'),
      when: whenSchema.optional(),
      to: targetText.optional(),
      route: z.enum(routeNames).optional().describe('Instead of `to`: whatever serves this route.'),
      effort: z.enum(effortLevels).optional().describe('Replaces the effort that the client asked for.'),
    }),
  )
  .describe('Rules of your own. The first that matches decides, before the routes.')
  .meta({
    examples: [
      [
        {
          name: 'tests to the cheap one',
          when: { agent_type: 'Explore', tokens: '< 20000' },
          to: 'gpt-mini',
        },
      ],
    ],
  });

export type RuleEntry = z.infer<typeof rulesSchema>[number];
