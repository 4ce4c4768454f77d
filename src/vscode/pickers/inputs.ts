// Questions in the quick input box, each as one promise. `back` is the Back button, undefined means given up.
import * as vscode from 'vscode';
import { t } from '../translate.ts';

export interface Frame {
  title: string;
  /** 1-based position among `total` steps; absent for single questions. */
  step?: number;
  total?: number;
  /** Show the Back button. */
  canGoBack?: boolean;
  placeholder?: string;
  /** What happened before, in a sentence or two that may be long; for `pickOne`. */
  notice?: string;
  /** Stay open when the focus moves, because the user may have to look something up. */
  stay?: boolean;
}

export type Answer<T> = { value: T } | 'back' | undefined;

export interface Choice<T> extends vscode.QuickPickItem {
  /** Absent for separators. */
  value?: T;
}

/** A line between choices, with a heading. */
export function separator<T>(label: string): Choice<T> {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/**
 * One of several.
 * @param active the value that is focused at first
 * @param typed makes a choice of what was typed and matches no label; undefined when it is not usable
 */
export function pickOne<T>(
  frame: Frame,
  choices: readonly Choice<T>[],
  active?: T,
  typed?: (text: string) => Choice<T> | undefined,
): Promise<Answer<T>> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  prepare(pick, frame);
  pick.items = frame.notice === undefined ? choices : withNotice(pick, choices, frame.notice);
  const focused = choices.find((choice) => choice.value !== undefined && choice.value === active);
  if (focused !== undefined) pick.activeItems = [focused];
  if (typed !== undefined) offerTyped(pick, choices, typed);
  return ask(pick, () => pick.activeItems[0]?.value);
}

/** Above the choices where the editor can do that (since 1.108), else below the first one, cut at the box's width. */
function withNotice<T>(
  pick: vscode.QuickPick<Choice<T>> & { prompt?: string },
  choices: readonly Choice<T>[],
  notice: string,
): readonly Choice<T>[] {
  if ('prompt' in pick) {
    pick.prompt = notice;
    return choices;
  }
  return choices.map((choice, index) => (index === 0 ? { ...choice, detail: notice } : choice));
}

/**
 * Any number of several; at least one. Without a tick the focused one counts, and without a focus what was typed: the
 * editor focuses nothing by itself in lists with ticks.
 */
export function pickMany<T>(
  frame: Frame,
  choices: readonly Choice<T>[],
  typed: (text: string) => Choice<T> | undefined,
): Promise<Answer<T[]>> {
  const pick = createTickList(frame, choices);
  offerTyped(pick, choices, typed);
  return ask(pick, () => {
    const marked = pick.selectedItems.length > 0 ? pick.selectedItems : pick.activeItems;
    const values = valuesOf(marked.length > 0 ? marked : named(pick));
    return values.length === 0 ? undefined : values;
  });
}

/** The choice that the typed text can only mean. When it may mean several, the first one is focused for a second Enter. */
function named<T>(pick: vscode.QuickPick<Choice<T>>): readonly Choice<T>[] {
  const text = pick.value.trim().toLowerCase();
  const [typed] = pick.items.filter((choice) => choice.alwaysShow);
  const matching = pick.items.filter(
    (choice) => choice !== typed && choice.label.toLowerCase().includes(text),
  );
  const [first] = matching;
  if (first === undefined) return typed === undefined ? [] : [typed];
  if (matching.length === 1) return matching;
  pick.activeItems = [first];
  return [];
}

/** Any number of several, none included. */
export function tickSome<T>(frame: Frame, choices: readonly Choice<T>[]): Promise<Answer<T[]>> {
  const pick = createTickList(frame, choices);
  return ask(pick, () => valuesOf(pick.selectedItems));
}

function createTickList<T>(frame: Frame, choices: readonly Choice<T>[]): vscode.QuickPick<Choice<T>> {
  const pick = vscode.window.createQuickPick<Choice<T>>();
  prepare(pick, frame);
  pick.canSelectMany = true;
  pick.items = choices;
  pick.selectedItems = choices.filter((choice) => choice.picked);
  return pick;
}

function valuesOf<T>(choices: readonly Choice<T>[]): T[] {
  return choices.flatMap((choice) => (choice.value === undefined ? [] : [choice.value]));
}

export interface TextQuestion extends Frame {
  value?: string;
  prompt?: string;
  password?: boolean;
  /** A page that helps, opened by a button. */
  page?: { title: string; url: string };
  /** The mistake, in one sentence; undefined when the text is fine. A warning may be kept. */
  check?: (text: string) => string | { warning: string } | undefined;
}

/** A line of text, trimmed. */
export function askText(question: TextQuestion): Promise<Answer<string>> {
  const box = vscode.window.createInputBox();
  prepare(box, question);
  box.value = question.value ?? '';
  box.password = question.password ?? false;
  if (question.prompt !== undefined) box.prompt = question.prompt;
  const { page } = question;
  if (page !== undefined) {
    const button = { iconPath: new vscode.ThemeIcon('link-external'), tooltip: page.title };
    box.buttons = [...box.buttons, button];
    box.onDidTriggerButton((pressed) => {
      if (pressed === button) void vscode.env.openExternal(vscode.Uri.parse(page.url));
    });
  }
  const check = () => question.check?.(box.value.trim());
  const show = () => {
    const found = check();
    box.validationMessage =
      typeof found === 'object'
        ? { message: found.warning, severity: vscode.InputBoxValidationSeverity.Warning }
        : (found ?? '');
  };
  // Nothing is called wrong before anything was typed.
  box.onDidChangeValue(show);
  return ask(box, () => {
    show();
    return typeof check() === 'string' ? undefined : box.value.trim();
  });
}

type Box = vscode.QuickPick<Choice<unknown>> | vscode.InputBox;

function prepare(box: Box, frame: Frame): void {
  box.title = frame.title;
  box.step = frame.step;
  box.totalSteps = frame.total;
  box.placeholder = frame.placeholder;
  box.ignoreFocusOut = frame.stay ?? false;
  if (frame.canGoBack) box.buttons = [vscode.QuickInputButtons.Back];
  if ('matchOnDescription' in box) box.matchOnDescription = true;
}

/** Shows the box until it is answered. `answer` returns undefined while the input is not acceptable. */
function ask<T>(box: Box, answer: () => T | undefined): Promise<Answer<T>> {
  return new Promise((resolve) => {
    let result: Answer<T>;
    box.onDidTriggerButton((button) => {
      if (button !== vscode.QuickInputButtons.Back) return;
      result = 'back';
      box.hide();
    });
    box.onDidAccept(() => {
      const value = answer();
      if (value === undefined) return;
      result = { value };
      box.hide();
    });
    box.onDidHide(() => {
      box.dispose();
      resolve(result);
    });
    box.show();
  });
}

/** Offers what was typed below everything that matches it, so that Enter never takes half a name for a whole one. */
function offerTyped<T>(
  pick: vscode.QuickPick<Choice<T>>,
  choices: readonly Choice<T>[],
  typed: (text: string) => Choice<T> | undefined,
): void {
  let offer: { choice: Choice<T>; shown: Choice<T> } | undefined;
  const kept: Choice<T>[] = [];
  pick.onDidChangeValue((text) => {
    const name = text.trim();
    let ticked = pick.selectedItems;
    // What was typed and ticked before stays in the list, under its own name.
    if (offer !== undefined && ticked.includes(offer.shown)) {
      const { choice, shown } = offer;
      kept.push(choice);
      ticked = ticked.map((item) => (item === shown ? choice : item));
    }
    const known = [...choices, ...kept].some((choice) => choice.label === name);
    const choice = name === '' || known ? undefined : typed(name);
    if (choice === undefined && offer === undefined) return;
    offer = choice === undefined ? undefined : { choice, shown: typedChoice(choice) };
    pick.items = [...choices, ...kept, ...(offer === undefined ? [] : [offer.shown])];
    pick.selectedItems = ticked;
  });
}

/** The editor puts labels that match what was typed first, so this one's label does not hold it. */
function typedChoice<T>(choice: Choice<T>): Choice<T> {
  return { ...choice, label: t('Use this name'), description: choice.label, alwaysShow: true };
}
