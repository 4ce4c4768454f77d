// Several questions in a row with a way back.
import type { Answer, Frame } from './inputs.ts';

/** 'again' asks the same question once more; `goTo` names the step to jump to. */
export type Outcome = 'next' | 'back' | 'again' | 'cancel' | { goTo: string };

export interface Step<S> {
  name: string;
  /** Asks and writes the answer into the state. */
  ask(state: S, frame: Frame): Promise<Outcome>;
  /** Steps that don't apply are passed over in both directions. */
  applies?(state: S): boolean;
}

/** Runs the steps. False when the user gave up. */
export async function runSteps<S>(title: string, state: S, steps: readonly Step<S>[]): Promise<boolean> {
  let index = 0;
  while (index < steps.length) {
    const step = steps[index];
    if (step === undefined) break;
    const next = await step.ask(state, frameOf(title, state, steps, index));
    if (next === 'cancel') return false;
    if (next === 'again') continue;
    if (typeof next === 'object') index = steps.findIndex((other) => other.name === next.goTo);
    else index = following(state, steps, index, next === 'next' ? 1 : -1);
    if (index < 0) return false;
  }
  return true;
}

/** Turns an answer into the step's outcome; `keep` stores the value. */
export function outcome<T>(answer: Answer<T>, keep: (value: T) => void): Outcome {
  if (answer === undefined) return 'cancel';
  if (answer === 'back') return 'back';
  keep(answer.value);
  return 'next';
}

function following<S>(state: S, steps: readonly Step<S>[], from: number, direction: 1 | -1): number {
  let index = from + direction;
  while (steps[index]?.applies?.(state) === false) index += direction;
  return index;
}

function frameOf<S>(title: string, state: S, steps: readonly Step<S>[], index: number): Frame {
  const applying = steps.filter((step, position) => position === index || step.applies?.(state) !== false);
  const current = steps[index];
  const position = current === undefined ? 0 : applying.indexOf(current);
  return { title, step: position + 1, total: applying.length, canGoBack: position > 0, stay: true };
}
