// Random data, written down in random styles: what people's files look like, and worse.

export type Data = Record<string, unknown>;

/** Repeatable chance. */
export class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = seed * 2_654_435_761 + 1;
  }
  /** A whole number in [0, limit). */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 2_246_822_519) + 3_266_489_917) >>> 0;
    return this.#state % limit;
  }
  one<Item>(list: readonly Item[]): Item {
    return list[this.below(list.length)] as Item;
  }
  maybe(percent: number): boolean {
    return this.below(100) < percent;
  }
}

const names = [
  'providers',
  'groups',
  'a',
  'b-c',
  'deep.seek',
  '模型',
  '302',
  'true',
  'x y',
  'k:v',
  '*',
  'constructor',
  'id',
];
const texts = [
  'plain',
  'secret:a',
  'a/b:free',
  'two words',
  '# no comment',
  'it\'s "q"',
  '',
  '123',
  'null',
  'line\nbreak',
  '- x',
  '模型 名',
  `\${env:X}`,
  'a, b',
  '[x',
  '@',
];

export function randomScalar(chance: Chance): unknown {
  return chance.maybe(60) ? chance.one(texts) : chance.one([0, 1.5, -3, true, false, 60_000]);
}

export function randomValue(chance: Chance, depth: number): unknown {
  const kind = chance.below(depth <= 0 ? 4 : 10);
  if (kind < 4) return randomScalar(chance);
  if (kind < 7) return Array.from({ length: chance.below(5) }, () => randomValue(chance, depth - 1));
  return randomMap(chance, depth - 1, 0);
}

export function randomMap(chance: Chance, depth: number, least: number): Data {
  const map: Data = {};
  for (let count = least + chance.below(4); count > 0; count--)
    map[chance.one(names)] = randomValue(chance, depth);
  return map;
}

/** Writes a map as YAML in block and flow style, with comments, blank lines and all kinds of quotes. */
export function writeYaml(map: Data, chance: Chance): string {
  const unit = chance.one([2, 2, 4]);
  const indentless = chance.maybe(30);
  const lines: string[] = [];

  const comment = (pad: string) => {
    if (chance.maybe(15)) lines.push(`${pad}# note ${chance.below(1000)}`);
    if (chance.maybe(8)) lines.push('');
  };
  const tail = () =>
    chance.maybe(15) ? `${' '.repeat(1 + chance.below(3))}# tail ${chance.below(1000)}` : '';

  const block = (value: unknown, column: number): void => {
    const pad = ' '.repeat(column);
    if (Array.isArray(value)) {
      for (const item of value) {
        comment(pad);
        entry(`${pad}-`, item, column, true);
      }
    } else {
      for (const [key, item] of Object.entries(value as Data)) {
        comment(pad);
        entry(`${pad}${scalar(key, chance)}:`, item, column, false);
      }
    }
  };
  const entry = (head: string, value: unknown, column: number, inList: boolean): void => {
    if (typeof value !== 'object' || value === null) {
      if (typeof value === 'string' && /^[a-z]+\n[a-z]+$/.test(value) && chance.maybe(70)) {
        lines.push(`${head} |-`, ...value.split('\n').map((line) => `${' '.repeat(column + unit)}${line}`));
      } else lines.push(`${head} ${scalar(value, chance)}${tail()}`);
      return;
    }
    const size = Object.keys(value).length;
    if (size === 0 || chance.maybe(30)) {
      lines.push(`${head} ${flow(value, chance, column)}${tail()}`);
      return;
    }
    if (inList && !Array.isArray(value)) {
      // Compact: the first field stands behind the dash.
      const from = lines.length;
      block(value, column + 2);
      const first = lines.findIndex(
        (line, index) => index >= from && line.trim() !== '' && !line.trim().startsWith('#'),
      );
      lines[first] = `${head} ${(lines[first] ?? '').trimStart()}`;
      // A comment before the first field would part it from its dash.
      lines.splice(from, first - from);
      return;
    }
    lines.push(`${head}${tail()}`);
    block(value, Array.isArray(value) && indentless && !inList ? column : column + unit);
  };
  comment('');
  if (Object.keys(map).length > 0) block(map, 0);
  comment('');
  const text = lines.join('\n') + (chance.maybe(90) ? '\n' : '');
  return chance.maybe(25) ? text.replaceAll('\n', '\r\n') : text;
}

function flow(value: unknown, chance: Chance, column: number): string {
  if (typeof value !== 'object' || value === null) return scalar(value, chance);
  const pad = chance.maybe(50) ? ' ' : '';
  const parts = Array.isArray(value)
    ? value.map((item) => flow(item, chance, column + 4))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${flow(item, chance, column + 4)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (parts.length > 0 && chance.maybe(25)) {
    const inner = `\n${' '.repeat(column + 4)}`;
    return `${open}${inner}${parts.join(`,${chance.maybe(20) ? ' # c' : ''}${inner}`)}${chance.maybe(20) ? ',' : ''}\n${' '.repeat(column + 2)}${close}`;
  }
  return `${open}${pad}${parts.join(', ')}${pad}${close}`;
}

function scalar(value: unknown, chance: Chance): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/^[a-z][a-z/-]*$/.test(value) && !/^(true|null|no|yes)$/.test(value) && chance.maybe(70)) return value;
  if (!value.includes('\n') && chance.maybe(40)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value);
}
