// The router's thread with a way to kill it from within: the test says how on a broadcast channel.
import { BroadcastChannel } from 'node:worker_threads';
import '../../src/worker.ts';

const channel = new BroadcastChannel('switchyard mortal worker');
channel.unref();
channel.onmessage = (event: unknown) => {
  const how = (event as { data: string }).data;
  if (how === 'throw')
    setImmediate(() => {
      throw new Error('thrown with canary-secret-value');
    });
  else if (how === 'exit') process.exit(7);
  else if (how === 'reject') void Promise.reject(new Error('rejected with canary-secret-value'));
  else if (how === 'heap') {
    const hoard: string[][] = [];
    for (;;) hoard.push(Array.from({ length: 10_000 }, (_, index) => `${index} ${Math.random()}`));
  }
};
