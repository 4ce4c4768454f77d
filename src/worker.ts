// The router's thread. It holds one router and speaks `host-link.ts` with its parent.
import { isMainThread, parentPort } from 'node:worker_threads';
import { secretValues } from './core/config/stored-secret.ts';
import { Redactor } from './core/redact.ts';
import type { FromRouter, ToRouter } from './node/host-link.ts';
import { Router } from './node/router.ts';

/** Milliseconds that open answers get when the window closes; the port is free at once. */
const grace = 1500;

const port = parentPort;
if (isMainThread || !port) throw new Error('worker.ts runs as a worker thread only.');

const send = (message: FromRouter): void => port.postMessage(message);
/** For lines that do not come from the router itself, which hides its secrets on its own. */
const redactor = new Redactor();
let router: Router | undefined;

port.on('message', (message: ToRouter) => {
  if (message.type === 'start' && !router) {
    const { options, takeOver } = message;
    redactor.setSecrets('options', secretValues(options.secrets));
    router = new Router(takeOver ? { ...options, takeOver } : options, {
      snapshot: (snapshot) => send({ type: 'snapshot', snapshot }),
      exchange: (exchange) => send({ type: 'exchange', exchange }),
      token: (token) => {
        redactor.setSecrets('token', [token]);
        send({ type: 'token', token });
      },
      log: (level, text) => send({ type: 'log', level, message: text }),
    });
    void router.start();
  } else if (router) receive(router, message);
});

function receive(running: Router, message: ToRouter): void {
  switch (message.type) {
    case 'start':
      throw new Error('The router was started already.');
    case 'secrets':
      redactor.setSecrets('options', secretValues(message.values));
      running.setSecrets(message.values);
      break;
    case 'proxy':
      void running.setProxy(message.settings);
      break;
    case 'call':
      running.call(message.call, message.params).then(
        (value) => send({ type: 'result', id: message.id, ok: true, value }),
        (error: unknown) =>
          send({ type: 'result', id: message.id, ok: false, message: redactor.text(sentence(error)) }),
      );
      break;
    case 'alone':
      running.setAlone(message.alone);
      break;
    case 'stop':
      send({ type: 'stopping' });
      void running.stop(message.drain ? Number.POSITIVE_INFINITY : grace).finally(() => process.exit(0));
      break;
  }
}

// One failed promise must not cut the streams of everybody else; a thrown error leaves unknown state behind, and the
// parent starts a fresh thread.
process.on('unhandledRejection', (error) => logCrash('Unhandled', error));
process.on('uncaughtException', (error) => {
  logCrash('Uncaught', error);
  process.exit(1);
});

function logCrash(kind: string, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  send({ type: 'log', level: 'error', message: redactor.text(`${kind}: ${text}`) });
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
