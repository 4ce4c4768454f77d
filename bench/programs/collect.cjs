// Preloaded by `NODE_OPTIONS=--require`: on SIGUSR2 collects garbage and writes what is left, in megabytes, into the
// file that BENCH_HEAP_FILE names. What the process has from the system would tell more of the past than of the present.
const { renameSync, writeFileSync } = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const file = process.env.BENCH_HEAP_FILE;

process.on('SIGUSR2', () => {
  collect();
  // Buffers are freed a moment after the objects that held them.
  setTimeout(() => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    writeFileSync(`${file}.new`, String((heapUsed + external) / 1024 ** 2));
    renameSync(`${file}.new`, file);
  }, 200);
});
