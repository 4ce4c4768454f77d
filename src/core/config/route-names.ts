// The kinds of request that have a route of their own, and the levels that routes ask for.

export const routeNames = [
  'default',
  'background',
  'think',
  'longContext',
  'webSearch',
  'image',
  'subagent',
  'compaction',
  'classifier',
] as const;
export type RouteName = (typeof routeNames)[number];

/** Anthropic's effort levels, lowest first. */
export const effortLevels = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
export type Effort = (typeof effortLevels)[number];
