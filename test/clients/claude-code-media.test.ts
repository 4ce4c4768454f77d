// Images and documents that the real Claude Code CLI reads from disk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text, toolCalls } from '../tools/scripted-upstream.ts';
import { dialects, startBench } from './bench.ts';
import { pdf, png } from './files.ts';
import { seen } from './seen.ts';

for (const dialect of dialects) {
  test(`${dialect}: an image that the Read tool returns`, async () => {
    await using bench = await startBench({ dialect });
    const file = await bench.claude.write('red.png', png);
    bench.upstream.answer(
      toolCalls(
        { tool: 'Read', input: { file_path: file }, id: 'call_1' },
        { tool: 'Bash', input: { command: 'echo beside' }, id: 'call_2' },
      ),
      text('A red square.'),
      text('Still red.'),
    );
    const run = await bench.claude.run('What is on it?');
    assert.equal(run.text, 'A red square.');
    assert.deepEqual(bench.upstream.refusals, []);
    const got = seen(await bench.upstream.message(2));
    assert.deepEqual(got.media, [{ kind: 'image', data: png.toString('base64') }]);
    assert.ok(got.results.has('call_1'), 'the call has its result, wherever the picture stands');
    assert.match(got.results.get('call_2') ?? '', /beside/);
    const later = await bench.claude.run('And now?', { args: ['--resume', run.sessionId] });
    assert.equal(later.text, 'Still red.');
    assert.equal(seen(await bench.upstream.message(3)).media.length, 1);
    assert.deepEqual(bench.upstream.refusals, []);
  });

  test(`${dialect}: a PDF that the Read tool returns`, async () => {
    await using bench = await startBench({ dialect });
    const file = await bench.claude.write('letter.pdf', pdf);
    bench.upstream.answer(
      toolCalls({ tool: 'Read', input: { file_path: file }, id: 'call_1' }),
      text('A letter.'),
    );
    const run = await bench.claude.run('Read the letter');
    assert.equal(run.text, 'A letter.');
    assert.deepEqual(bench.upstream.refusals, []);
    const got = seen(await bench.upstream.message(2));
    assert.deepEqual(got.media, [{ kind: 'pdf', data: pdf.toString('base64') }]);
    assert.match(got.results.get('call_1') ?? '', /letter\.pdf/);
  });

  test(`${dialect}: a model that cannot see gets words in the image's place`, async () => {
    const models = [{ id: 'main-model', vision: false, pdf: false }];
    await using bench = await startBench({ dialect, provider: { models } });
    const file = await bench.claude.write('red.png', png);
    bench.upstream.answer(
      toolCalls({ tool: 'Read', input: { file_path: file }, id: 'call_1' }),
      text('Blind.'),
    );
    const run = await bench.claude.run('What is on it?');
    assert.equal(run.text, 'Blind.');
    assert.deepEqual(bench.upstream.refusals, []);
    const request = await bench.upstream.message(2);
    assert.deepEqual(seen(request).media, []);
    assert.ok(!request.text.includes(png.toString('base64')));
    assert.match(`${seen(request).results.get('call_1')} ${seen(request).user}`, /image/i);
  });
}
