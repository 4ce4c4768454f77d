// A foreign program on the port: the window says which, offers another one, and never touches the program.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { pictured, startEditor } from '../tools/vscode/editor.ts';
import { askRouter, routerAccess } from '../tools/vscode/router-access.ts';

test('the port is taken: said, and another one is a question away', async (t) => {
  const foreign = createServer((_request, response) => response.end('somebody else'));
  foreign.listen(0, '127.0.0.1');
  await once(foreign, 'listening');
  t.after(() => foreign.close());
  const { port } = foreign.address() as AddressInfo;
  const editor = await startEditor({ config: `server: { port: ${port} } # mine\n` });
  t.after(() => editor.close());
  await pictured('port-taken', async () => {
    const window = await editor.open();
    await window.statusShows(/not available/i, 'error');
    await window.runCommand('Switchyard: Use Another Port…');
    await window.asks(/Use Another Port/);
    await window.page.keyboard.press('Enter');
    await window.statusShows(/working.*demo/i);
    const config = await readFile(join(editor.switchyardHome, 'config.yaml'), 'utf8');
    const moved = /^server: \{ port: (\d+) \} # mine\n$/.exec(config)?.[1];
    assert.notEqual(moved, undefined, config);
    assert.notEqual(moved, String(port));
    const access = await routerAccess(editor);
    const answer = await askRouter({ ...access, port: Number(moved) }, 'Hello');
    assert.match(answer.text, /Switchyard demo/);
    assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), 'somebody else');
  });
});
