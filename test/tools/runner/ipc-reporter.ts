// Reporter of node's test runner inside one test file's process: sends what happens to the parent (`test-file.ts`).

import type { EventData } from 'node:test';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export type TestReport =
  /** A test runs now (`running`), or no longer does. `id` is unique in its file. */
  | { event: 'running' | 'done'; id: string; name: string }
  | { event: 'pass' | 'fail' | 'skip'; name: string; milliseconds: number; text: string };

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = [];
  for await (const event of source) {
    const message = toReport(event, path);
    if (message) process.send?.(message);
  }
  yield '';
}

/** `path`: names from the outermost suite inwards; start, pass and fail come in the order of the file. */
function toReport(event: TestEvent, path: string[]): TestReport | undefined {
  switch (event.type) {
    case 'test:dequeue':
      return { event: 'running', id: idOf(event.data), name: event.data.name };
    case 'test:complete':
      return { event: 'done', id: idOf(event.data), name: event.data.name };
    case 'test:start':
      path.length = event.data.nesting;
      path.push(event.data.name);
      return undefined;
    case 'test:pass':
    case 'test:fail':
      path.length = event.data.nesting;
      return result(event, [...path, event.data.name].join(' › '));
    default:
      return undefined;
  }
}

function result(
  event: TestEvent & { type: 'test:pass' | 'test:fail' },
  name: string,
): TestReport | undefined {
  const milliseconds = event.data.details.duration_ms;
  if (event.type === 'test:fail') {
    const { error } = event.data.details;
    // A suite or parent test that fails only because of its children has nothing to say of its own.
    if ('failureType' in error && error.failureType === 'subtestsFailed') return undefined;
    return { event: 'fail', name, milliseconds, text: inspect(error.cause ?? error, { depth: 6 }) };
  }
  const { skip, todo, details } = event.data;
  for (const [kind, reason] of [
    ['', skip],
    ['to do: ', todo],
  ] as const) {
    if (reason === undefined || reason === false) continue;
    const text = kind + (typeof reason === 'string' && reason !== '' ? reason : 'no reason given');
    return { event: 'skip', name, milliseconds, text };
  }
  return details.type === 'suite' ? undefined : { event: 'pass', name, milliseconds, text: '' };
}

function idOf(data: EventData.TestDequeue | EventData.TestComplete): string {
  return String(data.testId);
}
