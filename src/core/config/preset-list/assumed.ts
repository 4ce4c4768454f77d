// Words that many presets share.

export const million = 1_000_000;

/** What to assume of a model of which nothing is known. */
export const seesAll = { vision: true, pdf: true } as const;
export const seesImages = { vision: true, pdf: false } as const;
export const readsText = { vision: false, pdf: false } as const;

/** Anthropic endpoints whose guides for Claude Code set ANTHROPIC_AUTH_TOKEN, and whose lists of models take nothing else. */
export const bearer = { auth: 'bearer' } as const;
