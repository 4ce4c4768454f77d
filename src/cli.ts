#!/usr/bin/env node
// The command line's first step. It must parse on any Node, however old: nothing but the check of the version stands
// here, in old syntax, and the program itself is another bundle (see esbuild.mjs).
const parts = process.versions.node.split('.').map(Number);
const major = Number(parts[0]);
if (major < 22 || (major === 22 && Number(parts[1]) < 19)) {
  process.stderr.write(`switchyard needs Node 22.19 or newer; this is Node ${process.versions.node}.\n`);
  process.exit(2);
}
import('./serve.ts').then(
  (program) => program.main(process.argv.slice(2)),
  (error) => {
    process.stderr.write(`switchyard could not be loaded: ${String(error)}\n`);
    process.exit(1);
  },
);
