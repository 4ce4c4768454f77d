import * as vscode from 'vscode';

/**
 * Waits for `work` with a notification that can be cancelled. Rejects when `work` does; undefined when the user
 * cancelled: the answer is then no longer wanted, whatever it is.
 */
export async function withProgress<T>(title: string, work: () => Promise<T>): Promise<T | undefined> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (_, cancel) => {
      const cancelled = new Promise<undefined>((resolve) => {
        cancel.onCancellationRequested(() => resolve(undefined));
      });
      return Promise.race([work(), cancelled]);
    },
  );
}
