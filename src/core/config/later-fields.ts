// Fields of the format that are agreed but not in force yet. They are ignored with a warning instead of being called
// unknown. `*` stands for any name, `[]` for any index. When one comes into force it moves into the schema.
import type { Path } from './source-node.ts';

const laterFields: ReadonlySet<string> = new Set(['clients[].budget', 'prices']);

/** Top-level maps whose names the user chooses. */
export const namedByUser: ReadonlySet<string> = new Set(['providers', 'groups', 'profiles']);

export function isLaterField(path: Path): boolean {
  const pattern = path
    .map((step, index) => {
      if (typeof step === 'number') return '[]';
      return index === 1 && namedByUser.has(String(path[0])) ? '*' : step;
    })
    .join('.')
    .replaceAll('.[]', '[]');
  return laterFields.has(pattern);
}
