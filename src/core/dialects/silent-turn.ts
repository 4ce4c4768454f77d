/** Stands where the user said nothing, but has to have a turn. */
export const silentText = '(The conversation goes on.)';

export const silentTurn = { type: 'text', text: silentText };
