import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, runSteps, type Step } from '../../../src/vscode/pickers/steps.ts';

interface State {
  asked: string[];
  skip: boolean;
}

/** Steps that answer by script and note how they were asked. */
function steps(script: Record<string, Outcome[]>): Step<State>[] {
  return ['one', 'two', 'three'].map((name) => ({
    name,
    ask: async (state, frame) => {
      state.asked.push(`${name} ${frame.step}/${frame.total}${frame.canGoBack ? ' back' : ''}`);
      return script[name]?.shift() ?? 'next';
    },
    ...(name === 'two' ? { applies: (state: State) => !state.skip } : {}),
  }));
}

async function run(script: Record<string, Outcome[]>, skip = false) {
  const state: State = { asked: [], skip };
  return { done: await runSteps('Title', state, steps(script)), asked: state.asked };
}

test('steps are asked in order and counted', async () => {
  assert.deepEqual(await run({}), { done: true, asked: ['one 1/3', 'two 2/3 back', 'three 3/3 back'] });
});

test('a step that does not apply is passed over in both directions and not counted', async () => {
  assert.deepEqual(await run({ three: ['back'] }, true), {
    done: true,
    asked: ['one 1/2', 'three 2/2 back', 'one 1/2', 'three 2/2 back'],
  });
});

test('a step can be asked again, and another one jumped to', async () => {
  const { asked } = await run({ two: ['again'], three: [{ goTo: 'one' }] });
  assert.deepEqual(asked, [
    'one 1/3',
    'two 2/3 back',
    'two 2/3 back',
    'three 3/3 back',
    'one 1/3',
    'two 2/3 back',
    'three 3/3 back',
  ]);
});

test('giving up ends it, and so does going back from the first step', async () => {
  assert.deepEqual(await run({ two: ['cancel'] }), { done: false, asked: ['one 1/3', 'two 2/3 back'] });
  assert.deepEqual(await run({ one: ['back'] }), { done: false, asked: ['one 1/3'] });
});
