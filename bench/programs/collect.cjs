// Preloaded by `NODE_OPTIONS=--require`: on SIGUSR2 collects garbage until nothing more is freed and writes what is left,
// in megabytes, into the file that BENCH_HEAP_FILE names; with BENCH_HEAP_SNAPSHOT also a snapshot of the heap beside it.
// What the process has from the system would tell more of the past than of the present.
const { renameSync, writeFileSync } = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const file = process.env.BENCH_HEAP_FILE;

process.on('SIGUSR2', () => settle(0, Number.POSITIVE_INFINITY));

/** Buffers are freed a moment after the objects that held them, and code that was not used for some collections. */
function settle(round, before) {
  collect();
  setTimeout(() => {
    const { heapUsed, external } = process.memoryUsage();
    const now = heapUsed + external;
    if (round < 20 && (round < 8 || before - now > 20_000)) {
      settle(round + 1, now);
      return;
    }
    if (process.env.BENCH_HEAP_SNAPSHOT) v8.writeHeapSnapshot(`${file}.heapsnapshot`);
    writeFileSync(`${file}.new`, String(now / 1024 ** 2));
    renameSync(`${file}.new`, file);
  }, 20);
}
