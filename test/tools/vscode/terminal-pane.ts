// The integrated terminal that is in front.

import type { Page } from 'playwright-core';
import { until } from './until.ts';

export class TerminalPane {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** What is to be seen, without trailing blanks. Long lines are broken at the terminal's width. */
  async text(): Promise<string> {
    const rows = await this.#active().locator('.xterm-rows > div').allTextContents();
    const lines = rows.map((row) => row.replaceAll('\u00A0', ' ').trimEnd());
    return lines.join('\n').trimEnd();
  }

  /** Waits until the shell takes input. */
  async prompt(): Promise<void> {
    await this.shows(/\$$/);
  }

  /** Types a line, as on a keyboard, and Enter. */
  async type(line: string): Promise<void> {
    await this.write(line);
    await this.enter();
  }

  async write(text: string): Promise<void> {
    await this.#active().locator('.xterm-helper-textarea').focus();
    await this.#page.keyboard.type(text);
  }

  async enter(): Promise<void> {
    await this.#page.keyboard.press('Enter');
  }

  /** Waits until the text matches; returns it. */
  async shows(pattern: RegExp, seconds = 30): Promise<string> {
    let last = '';
    return until(
      () => `the terminal shows ${pattern}, it shows:\n${last}`,
      async () => {
        last = await this.text();
        return pattern.test(last) ? last : undefined;
      },
      seconds,
    );
  }

  /** Asks a running Claude Code and waits for its answer. */
  async askClaude(question: string, answer: RegExp): Promise<void> {
    await this.shows(/❯.*mode on/s);
    await this.write(question);
    // It takes an Enter that comes together with the text for a pasted line break.
    await until(`claude shows ${question}`, async () => (await this.text()).includes(question));
    await this.enter();
    await this.shows(answer);
  }

  /** Types a command, waits for its end, and returns what it printed (lines broken at the terminal's width). */
  async run(command: string, seconds = 60): Promise<string> {
    const mark = `done${Math.random().toString(36).slice(2, 8)}`;
    await this.type(`${command}; echo ${mark.slice(0, 4)}"${mark.slice(4)}"=$?`);
    const seen = await this.shows(new RegExp(`^${mark}=\\d+`, 'm'), seconds);
    const lines = seen.split('\n');
    const end = lines.findIndex((line) => line.startsWith(`${mark}=`));
    const begin = lines.findLastIndex((line, i) => i < end && line.includes(`"${mark.slice(4)}"=$?`));
    return lines.slice(begin + 1, end).join('\n');
  }

  #active() {
    return this.#page.locator('.terminal-wrapper.active').last();
  }
}
