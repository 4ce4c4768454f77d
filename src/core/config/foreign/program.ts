// Whose file the configuration is.
import type { ConfigSources } from '../sources.ts';
import { foreignNames } from './shape.ts';

/**
 * The program that the main file belongs to, as the user knows it; undefined when it is ours. LiteLLM's main file may
 * hold nothing but an `include` of files in its folder.
 */
export function foreignProgram(
  { files, foreign, root }: Pick<ConfigSources, 'files' | 'foreign' | 'root'>,
  file: string,
): string | undefined {
  const own = foreign.find((found) => found.file === file);
  if (own !== undefined) return foreignNames[own.kind];
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const [first] = foreign;
  // What was translated has no origins; anything that has some is of a file of ours.
  const isTree =
    first !== undefined &&
    files.every((each) => each.startsWith(folder)) &&
    [...(root?.entries.values() ?? [])].every(({ node }) => node.origins.length === 0);
  return isTree ? foreignNames[first.kind] : undefined;
}
