import { t } from '../translate.ts';

/** What is wrong with a pasted key; it is never repeated. */
export function checkKey(value: string): string | undefined {
  if (value === '') return t('A key is needed.');
  return /[\s\p{Cc}]/u.test(value)
    ? t('A key has no spaces or line breaks. Was more than the key pasted?')
    : undefined;
}

/** What is wrong with a variable's name, or that it has no value in this editor. */
export function checkVariable(name: string): string | { warning: string } | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return t('A variable’s name has letters, digits and underscores.');
  return process.env[name]
    ? undefined
    : { warning: t('{0} has no value where this editor was started.', name) };
}
