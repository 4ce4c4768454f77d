// `npm test [-- PATTERN]`: types, lint, build, then every test file; the last line is "N passed, N failed[, N skipped]".
// PATTERN selects test files by a part of their path, else tests by their name.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureChromium, ensureClaudeCode, ensureVscodeServer } from '../src/dev/cache.ts';
import { missing, planStages, type Stage } from './tools/runner/plan.ts';
import { endAllGroups } from './tools/runner/process-group.ts';
import { addResults, emptyResults, type Results, summaryLine } from './tools/runner/results.ts';
import { runTestFile } from './tools/runner/test-file.ts';

const root = join(import.meta.dirname, '..');
const total = emptyResults();
const started = performance.now();

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** A tool that has to end with 0; counts as one test. */
function step(name: string, args: string[]): void {
  const begun = performance.now();
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 180_000 });
  const ok = result.status === 0;
  say(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(56)} ${seconds(begun)}`);
  if (ok) total.passed += 1;
  else {
    const text = result.error ? String(result.error) : `${result.stdout}${result.stderr}`.trimEnd();
    total.failures.push({ where: name, name: args[0] ?? '', text });
    say(text);
  }
}

const build = () => step('build', ['esbuild.mjs']);

/** Fetches what the stage needs, so that no test's time runs while it is downloaded. */
async function prepare(stage: Stage): Promise<void> {
  try {
    if (stage.needs.includes('claude-code')) await ensureClaudeCode();
    if (stage.needs.includes('vscode')) {
      await ensureVscodeServer();
      await ensureChromium();
    }
  } catch (error) {
    total.notes.push(`${stage.name}: could not prepare: ${String(error)}`);
  }
}

async function runStage(stage: Stage, namePattern?: string): Promise<void> {
  await prepare(stage);
  const waiting = [...stage.files];
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const begun = performance.now();
      const { silenceSeconds } = stage;
      const results = await runTestFile(
        file,
        namePattern === undefined ? { root, silenceSeconds } : { root, silenceSeconds, namePattern },
      );
      addResults(total, results);
      sayFile(file, results, seconds(begun));
    }
  };
  await Promise.all(Array.from({ length: stage.parallel }, worker));
}

function sayFile(file: string, results: Results, time: string): void {
  const failed = results.failures.length;
  const skipped = results.skipped.length;
  const counts = `${results.passed} passed${failed > 0 ? `, ${failed} failed` : ''}${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  say(`${failed > 0 ? 'FAIL' : 'ok  '} ${file.padEnd(56)} ${time.padStart(7)}  ${counts}`);
  for (const { name, text } of results.failures) say(indent(`✗ ${name}\n${text}`, '     '));
}

function indent(text: string, by: string): string {
  return text.replace(/^/gm, by);
}

function sayEnd(): void {
  const reasons = new Map<string, number>();
  for (const { reason } of total.skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  for (const [reason, count] of reasons) say(`left out (${count}): ${reason}`);
  for (const note of total.notes) say(`note: ${note}`);
  if (total.failures.length > 0) say('\nfailures:');
  for (const { where, name, text } of total.failures)
    say(`  ${where} › ${name}\n${indent(text.split('\n').slice(0, 12).join('\n'), '      ')}`);
  say(`\ntotal time ${seconds(started)}`);
  say(summaryLine(total));
}

async function main(): Promise<void> {
  const pattern = process.argv[2];
  for (const line of missing(root)) say(`note: ${line}`);
  const stages = planStages(root, pattern);
  if (pattern === undefined) {
    step('types', [join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit']);
    step('lint and format', [
      join('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
      'ci',
      '--colors=off',
      '.',
    ]);
    build();
    for (const stage of stages) await runStage(stage);
  } else if (stages.length > 0) {
    if (stages.some((stage) => stage.needsBuild)) build();
    for (const stage of stages) await runStage(stage);
  } else {
    // No such path: a part of tests' names.
    build();
    for (const stage of planStages(root)) await runStage(stage, pattern);
  }
  sayEnd();
  process.exitCode = total.failures.length > 0 || total.passed === 0 ? 1 : 0;
}

if (Number(process.versions.node.split('.')[0]) < 24) {
  say(
    `The tests need Node.js 24 (this is ${process.version}): start them with "npm test", which brings its own.`,
  );
  process.exitCode = 1;
} else {
  process.on('exit', endAllGroups);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  await main();
}
