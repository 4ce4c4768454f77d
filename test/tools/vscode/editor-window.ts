// One window of the editor, used as a person does: keyboard, mouse, and what is to be seen.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { TerminalPane } from './terminal-pane.ts';
import { until } from './until.ts';

export interface TreeRow {
  label: string;
  description: string;
  /** What a screen reader says. */
  spoken: string;
  /** 1 = top. */
  level: number;
  expanded: boolean | undefined;
}

export interface StatusItem {
  text: string;
  spoken: string;
  /** Background: '' = plain. */
  kind: '' | 'warning' | 'error';
}

export class EditorWindow {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The workbench stands and the extension shows its status item. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await until('the extension shows its status bar item', () => this.status(), 60);
  }

  // Status bar

  /** The extension's item; undefined while there is none. */
  async status(): Promise<StatusItem | undefined> {
    const item = this.page.locator('.statusbar-item[id^="switchyard.switchyard"]').first();
    if ((await item.count()) === 0) return undefined;
    const classes = (await item.getAttribute('class')) ?? '';
    return {
      text: await textOf(item),
      spoken: (await item.getAttribute('aria-label')) ?? '',
      kind: classes.includes('error-kind') ? 'error' : classes.includes('warning-kind') ? 'warning' : '',
    };
  }

  /** Waits until the status item's text or spoken label matches, and its background is of this kind. */
  async statusShows(pattern: RegExp, kind: StatusItem['kind'] = '', seconds = 20): Promise<StatusItem> {
    let last: StatusItem | undefined;
    return until(
      () => `the status bar shows ${pattern} with background "${kind}", it shows ${JSON.stringify(last)}`,
      async () => {
        last = await this.status();
        if (last?.kind !== kind) return undefined;
        return pattern.test(last.text) || pattern.test(last.spoken) ? last : undefined;
      },
      seconds,
    );
  }

  // Command palette and quick inputs

  /** Runs a command of the palette by its title, e.g. "Switchyard: Open Config". */
  async runCommand(title: string): Promise<void> {
    const input = this.#quickInput().locator('input.input').first();
    await until(`the palette opens for ${title}`, async () => {
      await this.page.keyboard.press('F1');
      await input.waitFor({ timeout: 2000 });
      return (await input.inputValue()).startsWith('>');
    });
    await input.fill(`>${title}`);
    await this.#row(title).first().waitFor();
    await until(`${title} is the first command found`, async () => {
      const first = await textOf(this.#quickInput().locator('.monaco-list-row').first());
      return first.startsWith(title);
    });
    await this.page.keyboard.press('Enter');
  }

  /** Waits for a quick input whose title, placeholder or prompt matches. */
  async asks(question: RegExp, seconds = 20): Promise<void> {
    let last = '';
    await until(
      () => `a question like ${question} is asked, there is "${last}"`,
      async () => {
        last = await this.#question();
        return question.test(last);
      },
      seconds,
    );
  }

  /** Title, placeholder and prompt of the open quick input, one per line; '' when there is none. */
  async #question(): Promise<string> {
    const widget = this.#quickInput();
    if (!(await widget.isVisible())) return '';
    const input = widget.locator('input.input').first();
    const parts = [
      await textOf(widget.locator('.quick-input-titlebar')),
      (await input.getAttribute('placeholder')) ?? '',
      await textOf(widget.locator('.quick-input-message')),
    ];
    return parts.join('\n');
  }

  /** Labels of what the open quick pick offers (what is scrolled into view). */
  async offered(): Promise<string[]> {
    return (await this.#quickInput().locator('.monaco-list-row').allTextContents()).map(clean);
  }

  /** Chooses a row of the open quick pick by its label. */
  async pick(label: string): Promise<void> {
    const exact = new RegExp(`^${label.replace(/[^\w\s]/g, '\\$&')}$`);
    const name = this.page.locator('.label-name').filter({ hasText: exact });
    const row = this.#quickInput().locator('.monaco-list-row').filter({ has: name }).first();
    if (!(await row.isVisible())) await this.#quickInput().locator('input.input').first().fill(label);
    await row.waitFor();
    await row.click();
  }

  /** Types into the open input box and confirms. */
  async answer(text: string): Promise<void> {
    const input = this.#quickInput().locator('input.input').first();
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Confirms the open input as it is. */
  async confirm(): Promise<void> {
    await this.#quickInput().waitFor();
    await this.page.keyboard.press('Enter');
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  #row(text: string): Locator {
    return this.#quickInput().locator('.monaco-list-row').filter({ hasText: text });
  }

  // Views

  /** Opens the extension's view container. */
  async showViews(): Promise<void> {
    const tab = this.page.locator('.activitybar .action-label[aria-label^="Switchyard"]');
    await tab.waitFor();
    if (!(await this.#pane('Routes').isVisible())) await tab.click();
    await this.#pane('Routes').waitFor();
  }

  /** Rows of one of the extension's views, top to bottom. */
  async rows(view: string): Promise<TreeRow[]> {
    const rows = await this.#pane(view).locator('.monaco-list-row').all();
    return Promise.all(
      rows.map(async (row) => {
        const expanded = await row.getAttribute('aria-expanded');
        return {
          label: await textOf(row.locator('.label-name').first()),
          description: clean((await row.locator('.label-description').allTextContents()).join(' ')),
          spoken: (await row.getAttribute('aria-label')) ?? '',
          level: Number(await row.getAttribute('aria-level')),
          expanded: expanded === null ? undefined : expanded === 'true',
        };
      }),
    );
  }

  /** Waits for a row whose label and description match. */
  async rowShows(view: string, label: string, description?: RegExp, seconds = 20): Promise<TreeRow> {
    let last: TreeRow[] = [];
    return until(
      () => `${view} has a row ${label} (${description ?? 'any'}), it has ${JSON.stringify(last)}`,
      async () => {
        last = await this.rows(view);
        const fits = (row: TreeRow) => description === undefined || description.test(row.description);
        return last.find((row) => row.label === label && fits(row));
      },
      seconds,
    );
  }

  /** Opens a row that has children. */
  async expand(view: string, label: string): Promise<void> {
    const row = this.#pane(view).locator('.monaco-list-row').filter({ hasText: label }).first();
    if ((await row.getAttribute('aria-expanded')) === 'false')
      await row.locator('.monaco-tl-twistie').click();
    await until(`${label} is open`, async () => (await row.getAttribute('aria-expanded')) === 'true');
  }

  /** Buttons of an empty view's welcome text. */
  async offers(view: string): Promise<string[]> {
    return (await this.#pane(view).locator('.welcome-view .monaco-button').allTextContents()).map(clean);
  }

  #pane(view: string): Locator {
    const header = this.page.locator('.pane-header').filter({ has: this.page.locator(`text="${view}"`) });
    return this.page.locator('.pane').filter({ has: header });
  }

  /** Texts of the messages at the lower right. */
  async messages(): Promise<string[]> {
    return (await this.page.locator('.notification-list-item-message').allTextContents()).map(clean);
  }

  /** Presses a button of the dialog in front, which has to ask a question like this. */
  async decide(question: RegExp, button: string): Promise<void> {
    const dialog = this.page.locator('.monaco-dialog-box').filter({ hasText: question });
    await dialog.locator('.monaco-button', { hasText: button }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Presses a button of a message at the lower right. */
  async press(message: RegExp, button: string): Promise<void> {
    const toast = this.page.locator('.notification-list-item').filter({ hasText: message });
    await toast.locator('.monaco-button', { hasText: button }).click();
  }

  /** Lines of the Problems panel, which is opened. */
  async problems(): Promise<string[]> {
    const panel = this.page.locator('.markers-panel');
    if (!(await panel.isVisible())) await this.runCommand('View: Toggle Problems');
    await panel.waitFor();
    return (await panel.locator('.monaco-list-row').allTextContents()).map(clean);
  }

  /** Waits until the file is open, in front and has the cursor. */
  async editorShows(fileName: string): Promise<void> {
    await this.page.locator(`.tab.active[data-resource-name="${fileName}"]`).waitFor();
    await this.page.locator('.monaco-editor.focused').waitFor();
  }

  // Terminals

  /** Opens a new terminal in the panel. */
  async terminal(): Promise<TerminalPane> {
    const before = await this.page.locator('.terminal-wrapper').count();
    await this.runCommand('Terminal: Create New Terminal');
    await until(
      'a terminal opens',
      async () => (await this.page.locator('.terminal-wrapper').count()) > before,
    );
    const pane = new TerminalPane(this.page);
    await pane.prompt();
    return pane;
  }

  /** What the Output panel shows of its channel. */
  async output(): Promise<string> {
    const lines = await this.page.locator('.output-view .view-line').allTextContents();
    return lines.map(clean).join('\n');
  }

  /** The terminal that a command has opened, running another program than a shell. */
  openedTerminal(): TerminalPane {
    return new TerminalPane(this.page);
  }

  /** The terminal that is shown already. */
  async frontTerminal(): Promise<TerminalPane> {
    const pane = new TerminalPane(this.page);
    await pane.prompt();
    return pane;
  }

  // The window itself

  /** Reloads by the command, as a user does, and waits until the extension is back. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.ready();
  }

  async close(): Promise<void> {
    await this.page.close();
  }

  /** Ends the page without any goodbye to the server. */
  async crash(): Promise<void> {
    const crashed = this.page.waitForEvent('crash');
    await this.page.goto('chrome://crash').catch(() => {});
    await crashed;
  }

  /** Saves a picture below `folder` of the repository; returns its path. */
  async screenshot(name: string, folder = 'test-results'): Promise<string> {
    const target = join(import.meta.dirname, '..', '..', '..', folder);
    await mkdir(target, { recursive: true });
    const path = join(target, `${name}.png`);
    await this.page.screenshot({ path, timeout: 10_000 });
    return path;
  }
}

async function textOf(locator: Locator): Promise<string> {
  return clean((await locator.textContent()) ?? '');
}

/** One line, with plain spaces, and without the glyphs of icons. */
function clean(text: string): string {
  return text
    .replace(/[\uE000-\uF8FF]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
