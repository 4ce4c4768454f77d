import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { claudeEnvironment } from '../../../src/core/claude-environment.ts';
import type { RouterSnapshot } from '../../../src/core/snapshot.ts';
import { launchVariables, terminalState } from '../../../src/vscode/launch.ts';
import { TerminalEnvironment, type VariableCollection } from '../../../src/vscode/terminal-environment.ts';
import { demoSnapshot, provider, snapshot } from './snapshots.ts';

/** The editor's collection, which survives restarts of the extension, with a list of what was written. */
class Collection implements VariableCollection {
  description: string | undefined;
  readonly values = new Map<string, vscode.EnvironmentVariableMutator>();
  writes: string[] = [];

  get(name: string): vscode.EnvironmentVariableMutator | undefined {
    return this.values.get(name);
  }
  replace(name: string, value: string, options: vscode.EnvironmentVariableMutatorOptions = {}): void {
    this.#write(name, { type: 1, value, options });
  }
  append(name: string, value: string, options: vscode.EnvironmentVariableMutatorOptions = {}): void {
    this.#write(name, { type: 2, value, options });
  }
  delete(name: string): void {
    this.writes.push(`-${name}`);
    this.values.delete(name);
  }
  #write(name: string, mutator: vscode.EnvironmentVariableMutator): void {
    this.writes.push(name);
    this.values.set(name, mutator);
  }
  value(name: string): string | undefined {
    return this.values.get(name)?.value;
  }
}

function setUp(confirm: () => Promise<boolean> = async () => false, env: Record<string, string> = {}) {
  const collection = new Collection();
  const environment = new TerminalEnvironment(collection, confirm, env);
  const update = (state: RouterSnapshot, injects = true) =>
    environment.update(terminalState(state, claudeEnvironment(state, 'token'), injects));
  return { collection, environment, update };
}

/** The default route leads to a model of this window. */
function withWindow(context: number): RouterSnapshot {
  const models = [{ id: 'coder', context, health: { state: 'ok' } as const }];
  return snapshot({
    routes: [{ name: 'default', target: 'alpha/coder', own: true, health: 'ok' }],
    providers: [provider('alpha', { models })],
  });
}

test('all variables are written, for processes and by the shell', () => {
  const { collection, update } = setUp();
  update(snapshot());
  assert.equal(collection.value('ANTHROPIC_BASE_URL'), 'http://127.0.0.1:3456');
  assert.equal(collection.value('CLAUDE_CODE_MAX_CONTEXT_TOKENS'), '128000');
  assert.deepEqual(collection.get('ANTHROPIC_AUTH_TOKEN'), {
    type: 1,
    value: 'token',
    options: { applyAtProcessCreation: true, applyAtShellIntegration: true },
  });
  assert.deepEqual(collection.get('NO_PROXY'), {
    type: 2,
    value: ',127.0.0.1,localhost',
    options: { applyAtProcessCreation: true, applyAtShellIntegration: false },
  });
  assert.ok(collection.description);
});

test('equal values are not written again, not even by the next start', () => {
  const { collection, update } = setUp();
  update(snapshot());
  collection.writes = [];
  update(snapshot());
  const next = new TerminalEnvironment(collection, async () => false, {});
  const state = snapshot();
  next.update(terminalState(state, claudeEnvironment(state, 'token'), true));
  assert.deepEqual(collection.writes, []);
});

test('nothing is touched before port and routes are known', () => {
  const { collection, update } = setUp();
  const { port: _, ...starting } = snapshot({ phase: 'starting' });
  update(starting);
  assert.deepEqual(collection.writes, []);
  // The router listens, but has not read its config yet.
  update(snapshot({ routes: [], config: { file: 'x', state: 'none', problems: [] } }));
  assert.equal(collection.value('ANTHROPIC_BASE_URL'), 'http://127.0.0.1:3456');
  assert.equal(collection.value('ANTHROPIC_MODEL'), undefined);
});

test('a later change of the routes is asked for once and applied on request', async () => {
  const answers = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
  let asked = 0;
  const { collection, update } = setUp(() => answers[asked++]?.promise ?? Promise.resolve(false));
  update(withWindow(128_000));
  update(withWindow(64_000));
  update(withWindow(64_000));
  assert.equal(asked, 1);
  assert.equal(collection.value('CLAUDE_CODE_MAX_CONTEXT_TOKENS'), '128000');
  answers[0]?.resolve(true);
  await answers[0]?.promise;
  await Promise.resolve();
  assert.equal(collection.value('CLAUDE_CODE_MAX_CONTEXT_TOKENS'), '64000');
  update(withWindow(32_000));
  assert.equal(asked, 2);
});

test('while a question is open there is no second one', () => {
  let asked = 0;
  const { update } = setUp(() => {
    asked++;
    return new Promise(() => {});
  });
  update(withWindow(128_000));
  update(withWindow(64_000));
  update(withWindow(32_000));
  assert.equal(asked, 1);
});

test('a declined change is not asked for again', async () => {
  let asked = 0;
  const { collection, update } = setUp(async () => {
    asked++;
    return false;
  });
  update(withWindow(128_000));
  update(withWindow(64_000));
  await Promise.resolve();
  await Promise.resolve();
  update(withWindow(64_000));
  assert.equal(asked, 1);
  assert.equal(collection.value('CLAUDE_CODE_MAX_CONTEXT_TOKENS'), '128000');
});

test('the first provider takes the demo’s place without a question', () => {
  const { collection, update } = setUp(() => assert.fail('asked'));
  update(demoSnapshot());
  assert.equal(collection.value('CLAUDE_CODE_MAX_CONTEXT_TOKENS'), '200000');
  update(snapshot());
  assert.equal(collection.value('CLAUDE_CODE_MAX_CONTEXT_TOKENS'), '128000');
});

test('what the new routes do not call for is removed', () => {
  const { collection, environment, update } = setUp();
  update(withWindow(128_000));
  update(withWindow(1_000_000));
  assert.equal(environment.applyRoutes(), true);
  assert.equal(collection.value('CLAUDE_CODE_MAX_CONTEXT_TOKENS'), undefined);
  assert.equal(collection.value('ANTHROPIC_MODEL'), undefined);
  assert.equal(collection.value('ANTHROPIC_BASE_URL'), 'http://127.0.0.1:3456');
});

test('pause and the setting clear everything, and it comes back', () => {
  const { collection, update } = setUp();
  update(snapshot());
  update(snapshot({ paused: true }));
  assert.equal(collection.values.size, 0);
  update(snapshot());
  assert.ok(collection.values.size > 5);
  update(snapshot(), false);
  assert.equal(collection.values.size, 0);
  collection.writes = [];
  update(snapshot(), false);
  assert.deepEqual(collection.writes, []);
});

test('a broken config leaves the routed variables alone', () => {
  const { collection, update } = setUp(() => assert.fail('asked'));
  update(snapshot());
  update(snapshot({ routes: [], config: { file: 'x', state: 'broken', problems: [] } }));
  assert.equal(collection.value('CLAUDE_CODE_MAX_CONTEXT_TOKENS'), '128000');
});

test('a NO_PROXY that means everything is left alone', () => {
  const { collection, update } = setUp(undefined, { NO_PROXY: '*' });
  update(snapshot());
  assert.equal(collection.value('NO_PROXY'), undefined);
});

test('a terminal of ours extends NO_PROXY by itself when the editor does not', () => {
  assert.deepEqual(launchVariables(true, '\nX-A: b', {}), {});
  assert.deepEqual(launchVariables(false, '', { NO_PROXY: 'intern' }), {
    NO_PROXY: 'intern,127.0.0.1,localhost',
  });
  assert.equal(launchVariables(false, '', {}).NO_PROXY, ',127.0.0.1,localhost');
  assert.deepEqual(launchVariables(false, '', { no_proxy: '*' }), {});
});

test('only the spelling of NO_PROXY that is set is extended: the other one would hide it', {
  skip: process.platform === 'win32' && 'its variables have no spelling',
}, () => {
  for (const [own, other] of [
    ['NO_PROXY', 'no_proxy'],
    ['no_proxy', 'NO_PROXY'],
  ] as const) {
    const { collection, update } = setUp(undefined, { [own]: 'intern' });
    update(snapshot());
    assert.equal(collection.value(own), ',127.0.0.1,localhost');
    assert.equal(collection.value(other), undefined);
  }
});

test('custom headers of the window are appended to the user’s own, and taken back', () => {
  const { collection, environment } = setUp();
  const show = (profile: string) => {
    const state = snapshot();
    environment.update(terminalState(state, claudeEnvironment(state, 'token', { profile }), true));
  };
  show('cheap');
  assert.deepEqual(collection.get('ANTHROPIC_CUSTOM_HEADERS'), {
    type: 2,
    value: '\nX-Switchyard-Profile: cheap',
    options: { applyAtProcessCreation: true, applyAtShellIntegration: false },
  });
  collection.writes = [];
  show('cheap');
  assert.deepEqual(collection.writes, []);
  show('');
  assert.deepEqual(collection.writes, ['-ANTHROPIC_CUSTOM_HEADERS']);
  assert.deepEqual(
    launchVariables(false, '\nX-B: c', { ANTHROPIC_CUSTOM_HEADERS: 'X-A: b', NO_PROXY: '*' }),
    {
      ANTHROPIC_CUSTOM_HEADERS: 'X-A: b\nX-B: c',
    },
  );
});
