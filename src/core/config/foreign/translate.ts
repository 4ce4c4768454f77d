// From a tree that holds another program's fields to one in our own form.
import type { Problem } from '../problem.ts';
import type { ProblemList } from '../problem-list.ts';
import type { KeyReference } from '../router-config.ts';
import { type MapNode, mergeNodes } from '../source-node.ts';
import { translateCcr } from './ccr.ts';
import type { TranslateContext } from './context.ts';
import { Draft } from './draft.ts';
import { mapTexts } from './fields.ts';
import { FileKeys } from './file-keys.ts';
import { translateLitellm, withOurVariables } from './litellm.ts';
import { Report } from './report.ts';
import { type ForeignKind, splitByFormat } from './shape.ts';

export interface Translation {
  /** Our own fields of the tree win over translated ones. */
  root: MapNode;
  /** Keys that stand in the files, by their references `file:NAME`. Secret. */
  keys: ReadonlyMap<KeyReference, string>;
  /** Variables that the file sets (LiteLLM's `environment_variables`). */
  variables: Readonly<Record<string, string>>;
  /** What is left out without a loss; an import lists it. */
  notes: readonly Problem[];
}

/** Translates the fields of the `kinds`; `file` is the main file. Never throws; what is wrong goes to `problems`. */
export function translateForeign(
  root: MapNode,
  kinds: readonly ForeignKind[],
  file: string,
  problems: ProblemList,
): Translation {
  const parts = splitByFormat(root, kinds);
  const keys = new FileKeys();
  const report = new Report(problems);
  let result: MapNode = parts.own;
  const variables = variablesOf(parts.litellm);
  for (const kind of kinds) {
    const context: TranslateContext = { draft: new Draft(file), keys, report };
    if (kind === 'ccr') translateCcr(parts.ccr, context);
    else translateLitellm(mapTexts(parts.litellm, withOurVariables) as MapNode, context);
    result = mergeNodes(context.draft.root, result) as MapNode;
  }
  return {
    root: { ...result, place: root.place, origins: root.origins },
    keys: keys.values,
    variables,
    notes: report.notes,
  };
}

function variablesOf(tree: MapNode): Record<string, string> {
  const node = tree.entries.get('environment_variables')?.node;
  if (node?.kind !== 'map') return {};
  return Object.fromEntries(
    [...node.entries].flatMap(([name, entry]) =>
      entry.node.kind === 'scalar' && entry.node.value !== null ? [[name, String(entry.node.value)]] : [],
    ),
  );
}
