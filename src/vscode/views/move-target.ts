import { moveTargetEdit } from '../edits.ts';
import type { Subject } from '../present/row.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';

/** Moves a target by so many places within its group. */
export async function moveTarget(shell: Shell, subject: Subject | undefined, by: number): Promise<void> {
  if (subject?.kind !== 'target') return;
  await placeTarget(shell, subject.group, subject.index, subject.index + by);
}

/** Moves a target to another index within its group. */
export async function placeTarget(shell: Shell, group: string, from: number, to: number): Promise<void> {
  const shown = shell.snapshot?.groups.find((candidate) => candidate.name === group)?.targets;
  const names = shown?.map((target) => target.target) ?? [];
  const place = Math.min(Math.max(to, 0), names.length - 1);
  if (place < 0 || place === from) return;
  await shell.editConfig(async () => {
    const present = await shell.readConfig(['groups', group, 'targets']);
    const edit = moveTargetEdit(group, from, place, names, present);
    if (edit === undefined) {
      throw new Error(t('The order of {0} can’t be changed here: edit the file.', group));
    }
    return [edit];
  });
}
