// Edits on disk: permissions, links, other writers, crashes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ConfigEditError, editConfig } from '../../../src/node/config/edit-config.ts';
import { diskReader } from '../../../src/node/config/file-reader.ts';
import { replaceFile } from '../../../src/node/config/replace-file.ts';
import { tempFolder } from './temp-folder.ts';

const module = new URL('../../../src/node/config/edit-config.ts', import.meta.url).href;
const text = (file: string) => readFileSync(file, 'utf8');

test('creates file and folder for the user alone, with a heading', async (context) => {
  const file = join(tempFolder(context), 'new', 'deep', 'config.yaml');
  await editConfig(file, [
    { path: ['providers', 'a'], value: { preset: 'groq', keys: ['secret:a'], proxy: undefined } },
    { path: ['routes', 'default'], value: 'a/x' },
  ]);
  assert.match(
    text(file),
    /^# Configuration of Switchyard\..*\n#.*\nproviders:\n {2}a:\n {4}preset: groq\n {4}keys: \[secret:a\]\nroutes:\n {2}default: a\/x\n$/s,
  );
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(join(file, '..')).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(join(file, '..')), ['config.yaml']);
});

test('creates JSON where the name says so', async (context) => {
  const file = join(tempFolder(context), 'config.json');
  await editConfig(file, [{ path: ['routes', 'default'], value: 'a' }]);
  assert.deepEqual(JSON.parse(text(file)), { routes: { default: 'a' } });
});

test('an edit without effect writes nothing', async (context) => {
  const folder = tempFolder(context);
  await editConfig(join(folder, 'config.yaml'), [{ path: ['routes', 'think'], delete: true }]);
  assert.deepEqual(readdirSync(folder), []);
  const file = join(folder, 'present.yaml');
  writeFileSync(file, 'routes: { default: a }\n');
  const before = statSync(file).ino;
  await editConfig(file, [
    { path: ['routes', 'default'], value: 'a' },
    { path: ['x'], value: undefined },
  ]);
  assert.equal(statSync(file).ino, before);
});

test('permissions, byte order mark and CRLF survive', async (context) => {
  const file = join(tempFolder(context), 'config.yaml');
  writeFileSync(file, '\uFEFFroutes:\r\n  default: a # x\r\n');
  chmodSync(file, 0o664);
  await editConfig(file, [{ path: ['routes', 'default'], value: 'b' }]);
  assert.equal(text(file), '\uFEFFroutes:\r\n  default: b # x\r\n');
  assert.equal(statSync(file).mode & 0o777, 0o664);
});

test('a symbolic link stays one, also to a file that is not there yet', async (context) => {
  const folder = tempFolder(context);
  mkdirSync(join(folder, 'dotfiles'));
  const real = join(folder, 'dotfiles', 'switchyard.yaml');
  const link = join(folder, 'config.yaml');
  symlinkSync('dotfiles/switchyard.yaml', link);
  await editConfig(link, [{ path: ['routes', 'default'], value: 'a' }]);
  await editConfig(link, [{ path: ['routes', 'default'], value: 'b' }]);
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.deepEqual(parse(text(real)), { routes: { default: 'b' } });
});

test('with include, the edit goes to the file that holds the node', async (context) => {
  const folder = tempFolder(context);
  const main = join(folder, 'config.yaml');
  const a = join(folder, 'a.yaml');
  const b = join(folder, 'b.yaml');
  const start = {
    [main]:
      'include: [a.yaml, b.yaml]\nproviders:\n  m: { preset: ollama }   # main\ngroups:\n  g:\n    targets: [m/1]\n',
    [a]: 'providers:\n  p:\n    preset: groq\n    models: [x, y]   # a\ngroups: { g: { targets: [p/x, p/y] } }\nserver: { port: 1 }\n',
    [b]: 'providers:\n  p:\n    models:\n      - z\nserver: { port: 2 }\n',
  };
  const expectChange = async (
    edit: Parameters<typeof editConfig>[1][number],
    changes: Record<string, string>,
  ) => {
    for (const [file, content] of Object.entries(start)) writeFileSync(file, content);
    await editConfig(main, [edit]);
    for (const [file, content] of Object.entries(start))
      assert.equal(text(file), changes[file] ?? content, `${file} ${JSON.stringify(edit)}`);
  };
  const swap = (file: string, from: string, to: string) => ({
    [file]: (start[file] ?? '').replace(from, to),
  });

  await expectChange(
    { path: ['providers', 'p', 'enabled'], value: false },
    swap(a, '# a\n', '# a\n    enabled: false\n'),
  );
  await expectChange({ path: ['providers', 'p', 'models', 1], value: 'Y' }, swap(a, '[x, y]', '[x, Y]'));
  await expectChange({ path: ['providers', 'p', 'models', 2], value: 'Z' }, swap(b, '- z', '- Z'));
  await expectChange(
    { path: ['providers', 'p', 'models', 3], value: 'last' },
    swap(b, '- z\n', '- z\n      - last\n'),
  );
  await expectChange({ path: ['providers', 'p', 'models', 2], delete: true }, swap(b, '\n      - z', ' []'));
  await expectChange(
    { path: ['providers', 'new'], value: { preset: 'groq' } },
    swap(main, '# main\n', '# main\n  new:\n    preset: groq\n'),
  );
  await expectChange(
    { path: ['routes', 'default'], value: 'g' },
    { [main]: `${start[main]}routes:\n  default: g\n` },
  );
  await expectChange({ path: ['server', 'port'], value: 9 }, swap(b, 'port: 2', 'port: 9'));
  await expectChange(
    { path: ['server'], delete: true },
    { ...swap(a, 'server: { port: 1 }\n', ''), ...swap(b, 'server: { port: 2 }\n', '') },
  );
  await expectChange(
    { path: ['groups', 'g', 'targets'], value: ['p/y', 'm/1'] },
    { ...swap(main, '  g:\n    targets: [m/1]\n', '  g: {}\n'), ...swap(a, '[p/x, p/y]', '[p/y, m/1]') },
  );
  await expectChange(
    { path: ['providers', 'p'], delete: true },
    {
      [a]: (start[a] ?? '').replace(/providers:[\s\S]*# a\n/, 'providers: {}\n'),
      [b]: 'providers: {}\nserver: { port: 2 }\n',
    },
  );
  await expectChange({ path: ['include'], value: ['b.yaml'] }, swap(main, '[a.yaml, b.yaml]', '[b.yaml]'));
});

test('a file with errors is not touched', async (context) => {
  const file = join(tempFolder(context), 'config.yaml');
  writeFileSync(file, 'routes:\n  default: [a\n');
  await assert.rejects(
    editConfig(file, [{ path: ['x'], value: 1 }]),
    (error) => error instanceof ConfigEditError && /config\.yaml has an error on line/.test(error.message),
  );
  assert.equal(text(file), 'routes:\n  default: [a\n');
});

test('all edits or none', async (context) => {
  const file = join(tempFolder(context), 'config.yaml');
  writeFileSync(file, 'routes:\n  default: a\n');
  await assert.rejects(
    editConfig(file, [
      { path: ['routes', 'default'], value: 'b' },
      { path: ['routes', 'default', 'x', 'y'], value: 1 },
    ]),
  );
  assert.equal(text(file), 'routes:\n  default: a\n');
});

test('a change that comes between reading and writing is kept', async (context) => {
  const file = join(tempFolder(context), 'config.yaml');
  writeFileSync(file, 'routes:\n  default: a\n');
  const read = diskReader.read;
  let reads = 0;
  context.mock.method(diskReader, 'read', async (path: string) => {
    // The second look is the one just before the new text takes the old one's place.
    if (++reads === 2) writeFileSync(file, 'routes:\n  default: a\n# from an editor\n');
    return read(path);
  });
  await editConfig(file, [{ path: ['routes', 'think'], value: 'b' }]);
  assert.equal(text(file), 'routes:\n  default: a\n  think: b\n# from an editor\n');
  assert.equal(reads, 4);
});

test('edits of one process and of several do not lose each other', async (context) => {
  const file = join(tempFolder(context), 'config.yaml');
  const script = `
    const { editConfig } = await import(${JSON.stringify(module)});
    for (let n = 0; n < 10; n++) await editConfig(${JSON.stringify(file)}, [{ path: ['groups', process.argv[1] + n], value: { targets: ['x/y'] } }]);
  `;
  const children = ['a', 'b', 'c'].map((name) =>
    spawn(process.execPath, ['--input-type=module', '-e', script, name], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const own = Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      editConfig(file, [{ path: ['groups', `own${n}`], value: { targets: ['x/y'] } }]),
    ),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  await own;
  assert.deepEqual(codes, [0, 0, 0]);
  assert.equal(Object.keys(parse(text(file)).groups).length, 40);
});

test('a forgotten lock does not stop anyone', async (context) => {
  const file = join(tempFolder(context), 'config.yaml');
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'exit');
  writeFileSync(`${file}.lock`, String(dead.pid));
  await editConfig(file, [{ path: ['routes', 'default'], value: 'a' }]);
  writeFileSync(`${file}.lock`, String(process.pid));
  utimesSync(`${file}.lock`, 1, 1);
  await editConfig(file, [{ path: ['routes', 'default'], value: 'b' }]);
  assert.deepEqual(parse(text(file)), { routes: { default: 'b' } });
  assert.ok(!existsSync(`${file}.lock`));
});

test('a killed write leaves the old or the new file', { timeout: 60_000 }, async (context) => {
  const file = join(tempFolder(context), 'config.yaml');
  // Large enough to be caught half-way.
  const filler = `# ${'x'.repeat(98)}\n`.repeat(15_000);
  writeFileSync(file, `${filler}routes:\n  default: start\n${filler}`);
  const script = `
    const { editConfig } = await import(${JSON.stringify(module)});
    for (let n = 0; ; n++) {
      process.stdout.write('writing\\n');
      await editConfig(${JSON.stringify(file)}, [{ path: ['routes', 'default'], value: process.argv[1] + n }]);
    }
  `;
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, `r${round}-`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    // Different moments of a write: before the draft, while it grows, around the rename.
    const moment = round;
    for (let step = 0; step < moment; step++) await new Promise((done) => setImmediate(done));
    if (moment % 2 === 1)
      while (!readdirSync(join(file, '..')).some((name) => name.endsWith('.tmp')))
        await new Promise((done) => setImmediate(done));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const found = text(file);
    assert.match(found.slice(filler.length, -filler.length), /^routes:\n {2}default: (start|r\d+-\d+)\n$/);
    assert.ok(found.startsWith(filler) && found.endsWith(filler));
  }
  // And the next edit works, locks and drafts of the dead notwithstanding.
  await editConfig(file, [{ path: ['routes', 'default'], value: 'end' }]);
  assert.ok(text(file).includes('\n  default: end\n'));
});

test('drafts of killed writes are swept away after a while', async (context) => {
  const folder = tempFolder(context);
  const file = join(folder, 'config.yaml');
  const old = join(folder, '.config.yaml.1.abcdef00.tmp');
  const fresh = join(folder, '.config.yaml.2.abcdef00.tmp');
  for (const draft of [old, fresh]) writeFileSync(draft, 'half');
  utimesSync(old, 1, 1);
  assert.equal(await replaceFile(file, 'a: 1\n', async () => false), false);
  assert.ok(!existsSync(file));
  assert.equal(await replaceFile(file, 'a: 1\n', async () => true), true);
  assert.deepEqual(readdirSync(folder).sort(), ['.config.yaml.2.abcdef00.tmp', 'config.yaml']);
});
