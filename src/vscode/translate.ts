// The one way to words that people read. Free of `vscode`, so that everything that only builds text can be tested
// without an editor; the composition root hands in the editor's own translation.

export type TextArgument = string | number | boolean;
export type Translate = (message: string, ...values: TextArgument[]) => string;

let translate: Translate = fill;

/** Takes the editor's `l10n.t`. */
export function useTranslation(translation: Translate): void {
  translate = translation;
}

/**
 * The text in the user's language. `message` is the English text and the key in `media/l10n`, with `{0}`, `{1}`, …
 * where values go; it must be a literal, so that a test can compare code and bundle.
 */
export function t(message: string, ...values: TextArgument[]): string {
  return translate(message, ...values);
}

function fill(message: string, ...values: TextArgument[]): string {
  return message.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}
