// Puts the built extension into the extensions folder of a VS Code server.

import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Manifest {
  name: string;
  publisher: string;
  version: string;
}

/**
 * Copies what belongs to the extension (bundles, media, manifest) from the repository's root and registers it.
 * Copied, not linked: uninstalling it in the window must not delete the clone.
 */
export async function installExtension(root: string, extensionsFolder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const id = `${manifest.publisher}.${manifest.name}`;
  const folderName = `${id}-${manifest.version}`;
  const target = join(extensionsFolder, folderName);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const files = (await readdir(root)).filter((name) =>
    /^(package(\.nls.*)?\.json|README\.md|LICENSE)$/.test(name),
  );
  for (const name of [...files, 'dist', 'media'])
    await cp(join(root, name), join(target, name), { recursive: true });
  const entry = {
    identifier: { id },
    version: manifest.version,
    location: { $mid: 1, path: target.replaceAll('\\', '/'), scheme: 'file' },
    relativeLocation: folderName,
    metadata: { installedTimestamp: 0, source: 'vsix', pinned: true },
  };
  const list = join(extensionsFolder, 'extensions.json');
  const others = await readFile(list, 'utf8').then(
    (text) =>
      (JSON.parse(text) as { identifier: { id: string } }[]).filter((one) => one.identifier.id !== id),
    () => [],
  );
  await writeFile(list, JSON.stringify([...others, entry]));
  return target;
}
