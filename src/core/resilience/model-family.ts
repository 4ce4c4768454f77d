// Model families that share a limit of their own beside that of the account.

/** Anthropic limits these apart from each other on one subscription. */
const families = ['opus', 'sonnet', 'haiku', 'fable'];

/** The family that a model's name tells, whatever prefix a relay puts before it; undefined when it tells none. */
export function familyOf(model: string): string | undefined {
  const name = model.toLowerCase();
  return families.find((family) => name.includes(family));
}
