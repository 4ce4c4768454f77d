// Keys that stand in another program's file in the clear. They are used where they are, in memory only: the
// configuration holds a reference `file:NAME` in their place.
import type { KeyReference } from '../router-config.ts';

const variable = /^\$\{env:([^\s:{}$]+)\}$/;

export class FileKeys {
  /** Reference → value. */
  readonly values = new Map<KeyReference, string>();

  /**
   * The reference for a key as it is written: `env:NAME` for a variable, `none` for no key, else `file:NAME` with a
   * name near `wish`. The same key under the same wish gets the same reference.
   */
  refer(written: string, wish: string): KeyReference {
    const text = written.trim();
    if (text === '') return 'none';
    const name = variable.exec(text)?.[1];
    if (name !== undefined) return `env:${name}`;
    const base = `file:${wish.replace(/[^\p{L}\p{N}_.-]+/gu, '-')}`;
    let reference = base;
    for (let number = 2; (this.values.get(reference) ?? text) !== text; number++)
      reference = `${base}-${number}`;
    this.values.set(reference, text);
    return reference;
  }
}
