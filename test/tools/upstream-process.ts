// A scripted upstream as a process of its own. Forked by `forkUpstream`; the script comes over the channel.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { serveBelowPath } from './below-path.ts';
import {
  type ScriptedUpstream,
  type ScriptedUpstreamOptions,
  startScriptedUpstream,
} from './scripted-upstream.ts';
import type { Answer } from './scripted-upstream-types.ts';

export interface UpstreamProcessOptions extends Omit<ScriptedUpstreamOptions, 'otherwise'> {
  /** It is served below this path, as a relay does. */
  below?: string;
}

/** What has been asked of it so far. */
export interface SeenByUpstream {
  /** Models of the message requests, in order. */
  models: string[];
  /** The keys of the same requests; '' where there was none. */
  keys: string[];
  /** The names of their bodies' fields. */
  fields: string[][];
  /** What its dialect does not take. */
  refusals: string[];
}

type Order = { answer: Answer[] } | 'tell';

export class UpstreamProcess {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Answers the next message requests, one each. */
  async answer(...answers: Answer[]): Promise<void> {
    await this.#order({ answer: answers });
  }

  seen(): Promise<SeenByUpstream> {
    return this.#order('tell');
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  async #order(order: Order): Promise<SeenByUpstream> {
    this.#child.send(order);
    const [reply] = await once(this.#child, 'message');
    return reply as SeenByUpstream;
  }
}

/** Starts one; it ends with `close`, or with its parent. */
export async function forkUpstream(options: UpstreamProcessOptions): Promise<UpstreamProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)], {
    execPath: process.execPath,
  });
  const [url] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the upstream ended with ${code} before it listened`);
    }),
  ]);
  return new UpstreamProcess(child, String(url));
}

async function serve(options: UpstreamProcessOptions): Promise<void> {
  const { below, ...own } = options;
  const upstream: ScriptedUpstream = await startScriptedUpstream(own);
  const url = below === undefined ? upstream.url : (await serveBelowPath(below, upstream.url)).url;
  process.on('message', (order: Order) => {
    if (order !== 'tell') upstream.answer(...order.answer);
    const { messages, refusals } = upstream;
    const seen: SeenByUpstream = {
      models: messages.map(({ model }) => String(model)),
      keys: messages.map(({ key }) => key ?? ''),
      fields: messages.map(({ body }) => Object.keys(body)),
      refusals,
    };
    process.send?.(seen);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(url);
}

const [, self, options] = process.argv;
if (process.send && self === fileURLToPath(import.meta.url) && options !== undefined)
  await serve(JSON.parse(options) as UpstreamProcessOptions);
