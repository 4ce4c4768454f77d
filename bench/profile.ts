// `node bench/profile.ts COMPARISON [DIALECT]`: where the router's time goes, in percent of what it was busy.
import { benchDialects } from './answers.ts';
import { profiled } from './profiled.ts';
import { comparisons } from './scenarios/comparisons.ts';

const [id = 'small', asked = 'anthropic'] = process.argv.slice(2);
const comparison = comparisons(1).find((each) => each.id === id);
const dialect = benchDialects.find((each) => each === asked);
if (!comparison || !dialect) throw new Error(`usage: profile.ts COMPARISON [${benchDialects.join('|')}]`);
for (const { place, share } of await profiled(comparison, dialect))
  process.stdout.write(`${(100 * share).toFixed(1).padStart(5)} %  ${place}\n`);
