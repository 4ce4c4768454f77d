// Files of ours that other users of the machine can get at: whoever reads them can use, or command, the router.
import { statSync } from 'node:fs';
import { join } from 'node:path';

export interface LooseFile {
  file: string;
  /** Permission bits. */
  mode: number;
  folder: boolean;
}

/** The token, the control secret and the folder, where others have rights that they should not have. */
export function looseFiles(home: string): LooseFile[] {
  if (process.platform === 'win32') return [];
  const loose = (file: string, bits: number, folder: boolean): LooseFile[] => {
    const stats = statSync(file, { throwIfNoEntry: false });
    const mode = (stats?.mode ?? 0) & 0o777;
    return (mode & bits) === 0 ? [] : [{ file, mode, folder }];
  };
  return [
    ...['token', 'control'].flatMap((name) => loose(join(home, name), 0o077, false)),
    ...loose(home, 0o022, true),
  ];
}
