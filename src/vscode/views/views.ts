// The three trees and what happens in them.
import * as vscode from 'vscode';
import { noProfile } from '../../core/config/router-config.ts';
import type { RouterSnapshot, UnitHealth } from '../../core/snapshot.ts';
import { enableEdit } from '../edits.ts';
import { groupRows } from '../present/group-rows.ts';
import { providerRows } from '../present/provider-rows.ts';
import { routeRows } from '../present/route-rows.ts';
import { attention, isSettled } from '../present/status.ts';
import { windowProfile } from '../settings.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { registerMarks } from './marks.ts';
import { RowTree } from './row-tree.ts';
import { TargetOrder } from './target-order.ts';

export class Views {
  readonly #shell: Shell;
  readonly #routes = new RowTree('switchyard.routes');
  readonly #groups: RowTree;
  readonly #providers = new RowTree('switchyard.providers');
  readonly #subscriptions: vscode.Disposable[];
  #ticking: NodeJS.Timeout | undefined;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#groups = new RowTree('switchyard.groups', new TargetOrder(shell));
    const views = [this.#routes.view, this.#groups.view, this.#providers.view];
    this.#subscriptions = [
      registerMarks(),
      this.#routes,
      this.#groups,
      this.#providers,
      this.#providers.view.onDidChangeCheckboxState((event) => this.#checked(event.items)),
      ...views.map((view) => view.onDidChangeVisibility(() => this.show())),
    ];
  }

  /** Brings the trees in step with the router. */
  show(): void {
    const snapshot = this.#shell.snapshot;
    if (snapshot === undefined || (snapshot.phase !== 'down' && !isSettled(snapshot))) return;
    const now = Date.now();
    const providers = providerRows(snapshot, { now, hasKey: (reference) => this.#shell.hasKey(reference) });
    this.#routes.show(routeRows(snapshot));
    this.#groups.show(groupRows(snapshot, now));
    this.#providers.show(providers);

    const failing = providers.filter((row) => row.mark === 'warning' || row.mark === 'error').length;
    this.#providers.badge(
      failing,
      failing === 1 ? t('1 provider needs attention') : t('{0} providers need attention', failing),
    );
    this.#routes.say(routesMessage(snapshot, this.#shell.secretsAvailable));
    this.#providers.say(
      this.#shell.secretsAvailable || snapshot.demo
        ? undefined
        : t('Keys that the editor keeps are not available.'),
    );
    this.#tick(snapshot);
  }

  dispose(): void {
    clearTimeout(this.#ticking);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Counts the cooldowns down while somebody looks. */
  #tick(snapshot: RouterSnapshot): void {
    clearTimeout(this.#ticking);
    const visible = this.#groups.view.visible || this.#providers.view.visible;
    if (visible && isCounting(snapshot)) this.#ticking = setTimeout(() => this.show(), 1000);
  }

  async #checked(
    items: readonly (readonly [{ row: { subject: { kind: string } } }, unknown])[],
  ): Promise<void> {
    const edits = items.flatMap(([node, state]) => {
      const subject = node.row.subject;
      if (subject.kind !== 'provider' || !('provider' in subject)) return [];
      return [enableEdit(String(subject.provider), state === vscode.TreeItemCheckboxState.Checked)];
    });
    // A refused edit leaves the file as it was, and the tree has to show that again.
    if (!(await this.#shell.editConfig(() => edits))) this.#providers.refresh();
  }
}

function routesMessage(snapshot: RouterSnapshot, secretsAvailable: boolean): string | undefined {
  if (snapshot.phase === 'down') return snapshot.downReason ?? t('The router is not running.');
  if (snapshot.paused) return t('The router is paused: clients get no answers.');
  return attention(snapshot, secretsAvailable) ?? profileMessage(snapshot);
}

/** The tree shows what holds for all windows; this one may differ. */
function profileMessage({ routing }: RouterSnapshot): string | undefined {
  const own = windowProfile();
  if (own === '' || own === (routing?.profile ?? noProfile)) return undefined;
  const known = own === noProfile || routing?.profiles.some((profile) => profile.name === own);
  return known
    ? t('Terminals of this window use another profile: {0}', own)
    : t('The setting switchyard.profile names a profile that is not in the config file: {0}', own);
}

function isCounting(snapshot: RouterSnapshot): boolean {
  const units: UnitHealth[] = snapshot.providers.flatMap((provider) =>
    [...provider.keys, ...provider.models].map((unit) => unit.health),
  );
  units.push(...snapshot.groups.flatMap((group) => group.targets.map((target) => target.health)));
  return units.some((health) => health.state === 'cooling' && health.until !== undefined);
}
