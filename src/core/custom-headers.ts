// What a window tells the router with each request of its Claude Code, by the variable ANTHROPIC_CUSTOM_HEADERS: one
// `Name: value` a line.

/** What a window has of its own. */
export interface WindowIdentity {
  /** The profile that its terminals use; '' for the one of the config file. */
  profile: string;
  /** Path of its workspace folder; undefined without one. */
  folder?: string;
}

export const customHeaders = 'ANTHROPIC_CUSTOM_HEADERS';

/**
 * The lines to be appended to what the user has in the variable; '' when there is nothing to tell. They begin with a
 * line break, because the editor can append but not look: Claude Code passes over an empty line (measured).
 * @param asksWorkspace some rule wants to know the folder; nobody else is told
 */
export function windowHeaders(identity: WindowIdentity, asksWorkspace: boolean): string {
  const { profile, folder } = identity;
  const lines: string[] = [];
  if (profile !== '') lines.push(`X-Switchyard-Profile: ${encodeURIComponent(profile.toWellFormed())}`);
  if (asksWorkspace && folder !== undefined) lines.push(`X-Switchyard-Workspace: ${encodePath(folder)}`);
  return lines.map((line) => `\n${line}`).join('');
}

/** Header values are ASCII; slashes stay readable. */
function encodePath(path: string): string {
  return encodeURI(path.toWellFormed().replaceAll('\\', '/')).replace(/[?#]/g, encodeURIComponent);
}
