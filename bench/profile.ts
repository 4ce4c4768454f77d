// `node bench/profile.ts COMPARISON [DIALECT] [--functions]`: where the router's time goes, in percent of what it was busy.
import { parseArgs } from 'node:util';
import { benchDialects } from './answers.ts';
import { profiled } from './profiled.ts';
import { comparisons } from './scenarios/comparisons.ts';

const { positionals, values } = parseArgs({
  options: { functions: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [id = 'small', asked = 'anthropic'] = positionals;
const comparison = comparisons(1).find((each) => each.id === id);
const dialect = benchDialects.find((each) => each === asked);
if (!comparison || !dialect)
  throw new Error(`usage: profile.ts COMPARISON [${benchDialects.join('|')}] [--functions]`);
for (const { place, share } of await profiled(comparison, dialect, values.functions))
  process.stdout.write(`${(100 * share).toFixed(1).padStart(5)} %  ${place}\n`);
