import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A new empty folder that goes with the test. */
export function tempFolder(context: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-config-')));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
