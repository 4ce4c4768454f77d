// `npm run test:electron`: the checks of suite.cjs in a desktop VS Code. It is downloaded, so this runs only where
// Microsoft's update server can be reached; `npm test` runs the same checks in the VS Code server.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';

const root = join(import.meta.dirname, '..', '..');
const home = await mkdtemp(join(tmpdir(), 'switchyard-electron-'));
try {
  process.exitCode = await runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: join(import.meta.dirname, 'suite.cjs'),
    extensionTestsEnv: { SWITCHYARD_HOME: home },
    launchArgs: ['--disable-extensions', `--user-data-dir=${join(home, 'editor')}`],
  });
} finally {
  await rm(home, { recursive: true, force: true });
}
