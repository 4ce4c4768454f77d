// Where the demo lives: its preset and its transport agree on these.

/** Base URL of the demo provider; anything below it is served in process. */
export const demoUrl = 'demo://local';
export const demoModel = 'demo';
