// Runs one test file in a process of its own, watches over it and collects its results.

import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { TestReport } from './ipc-reporter.ts';
import { endGroup, groupLives, spawnGroup } from './process-group.ts';
import { emptyResults, type Results } from './results.ts';

const REPORTER = fileURLToPath(new URL('ipc-reporter.ts', import.meta.url));
/** Output of a file that is kept for its failure, in characters. */
const OUTPUT_LIMIT = 200_000;
/** How long a process may stay after its last test: for hooks that close things. */
const END_SECONDS = 30;

export interface TestFileOptions {
  /** Repository's root. */
  root: string;
  /** Only tests whose name matches. */
  namePattern?: string;
  /** A file that reports nothing for so long hangs and is killed. */
  silenceSeconds: number;
}

/** @param file Path from the root. Never rejects. */
export async function runTestFile(file: string, options: TestFileOptions): Promise<Results> {
  const results = emptyResults();
  const running = new Map<string, string>();
  const fail = (name: string, text: string) => results.failures.push({ where: file, name, text });
  const pattern = options.namePattern === undefined ? [] : [`--test-name-pattern=${options.namePattern}`];
  const child = spawnGroup(process.execPath, [`--test-reporter=${REPORTER}`, ...pattern, file], {
    cwd: options.root,
    // Inside a test of node's runner the file would report to that one.
    env: { ...process.env, FORCE_COLOR: '0', NODE_NO_WARNINGS: '1', NODE_TEST_CONTEXT: undefined },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (text: string) => {
    output = (output + text).slice(-OUTPUT_LIMIT);
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);

  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    // Node reports the end of all tests only when nothing is open any more, so that it can't be waited for.
    const through = running.size === 0 && results.passed + results.failures.length > 0;
    const limit = through ? END_SECONDS : options.silenceSeconds;
    timer = setTimeout(() => {
      if (through)
        fail('(end)', `killed: still ran ${limit} s after its last test, so something was left open`);
      else fail([...running.values()].join(' › ') || '(file)', `killed: nothing happened for ${limit} s`);
      endGroup(child.pid);
    }, limit * 1000);
  };
  watch();
  child.on('message', (message) => {
    const report = message as TestReport;
    if (report.event === 'running') running.set(report.id, report.name);
    else if (report.event === 'done') running.delete(report.id);
    else if (report.event === 'pass') results.passed += 1;
    else if (report.event === 'fail') fail(report.name, report.text);
    else if (report.event === 'skip')
      results.skipped.push({ where: file, name: report.name, reason: report.text });
    watch();
  });
  const code = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (exit, signal) => resolve(signal ?? String(exit)));
  });
  clearTimeout(timer);
  if (results.failures.length === 0) {
    if (code !== '0') fail('(file)', `ended with ${code}`);
    else if (results.passed + results.skipped.length === 0 && options.namePattern === undefined)
      fail('(file)', 'has no tests');
  }
  await sweep(file, child.pid, results);
  const last = results.failures.at(-1);
  if (last && output.trim() !== '') last.text += `\n--- output of ${file} ---\n${output.trimEnd()}`;
  return results;
}

/** Ends what the file's process left behind, after a moment to go by itself. */
async function sweep(file: string, pid: number | undefined, results: Results): Promise<void> {
  if (pid === undefined) return;
  for (let i = 0; i < 50 && groupLives(pid); i++) await delay(100);
  if (endGroup(pid)) results.notes.push(`${file} left processes running; they were ended`);
}
