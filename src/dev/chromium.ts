// A Chromium for the tests: the system's, else the one that npm carries.

import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { ensureEntry } from './cache-entry.ts';
import { npm, run } from './npm.ts';

const VERSION = '153.0.0';
const FONTS_VERSION = '2.37.3';

export interface Chromium {
  executable: string;
  /** Added to the environment of the browser: libraries and fonts that a bare machine lacks. */
  env: Record<string, string>;
}

/** `SWITCHYARD_CHROMIUM`, else an installed Chromium or Chrome, else the npm package's (about 10 s the first time). */
export async function ensureChromium(): Promise<Chromium> {
  const chosen = process.env.SWITCHYARD_CHROMIUM;
  if (chosen) return { executable: chosen, env: {} };
  for (const executable of installed()) if (await starts(executable, {})) return { executable, env: {} };
  return fromNpm();
}

function* installed(): Generator<string> {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const places: string[] = [];
  if (process.platform === 'darwin') {
    places.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
    places.push('/Applications/Chromium.app/Contents/MacOS/Chromium');
  } else if (process.platform === 'win32') {
    for (const base of [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA])
      if (base) places.push(join(base, 'Google', 'Chrome', 'Application', 'chrome.exe'));
  } else {
    for (const folder of (process.env.PATH ?? '').split(delimiter))
      places.push(...names.map((name) => join(folder, name)));
  }
  for (const place of places) if (existsSync(place)) yield place;
}

async function starts(executable: string, env: Record<string, string>): Promise<boolean> {
  const environment = { ...process.env, ...env };
  return run(executable, ['--version'], { cwd: '/', env: environment, seconds: 20 }).then(
    () => true,
    () => false,
  );
}

async function fromNpm(): Promise<Chromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('no Chromium or Chrome was found: install one, or name it in SWITCHYARD_CHROMIUM');
  const folder = await ensureEntry({
    name: 'chromium',
    version: VERSION,
    label: `Chromium ${VERSION}`,
    build: unpack,
  });
  const executable = join(folder, 'chromium');
  const fonts = { FONTCONFIG_PATH: join(folder, 'fonts') };
  if (await starts(executable, {})) return { executable, env: fonts };
  // A bare machine has no NSS; the package brings it.
  const env = { ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  if (await starts(executable, env)) return { executable, env };
  throw new Error(`${executable} does not start here: install Chromium, or name one in SWITCHYARD_CHROMIUM`);
}

/** The package unpacks itself into the temporary folder of its process; it is given ours. */
async function unpack(target: string): Promise<void> {
  const packages = join(target, 'packages');
  await mkdir(packages);
  await writeFile(join(packages, 'package.json'), '{"private":true,"type":"module"}\n');
  const wanted = [`@sparticuz/chromium@${VERSION}`, `dejavu-fonts-ttf@${FONTS_VERSION}`];
  await npm(['install', '--ignore-scripts', ...wanted], packages);
  const script =
    "import c from '@sparticuz/chromium'; await c.executablePath(); process.stdout.write('unpacked');";
  // The runtime's name makes it unpack its system libraries too.
  const env = { ...process.env, TMPDIR: target, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  await run(process.execPath, ['--input-type=module', '-e', script], { cwd: packages, env, seconds: 120 });
  await addFonts(join(target, 'fonts'), join(packages, 'node_modules', 'dejavu-fonts-ttf', 'ttf'));
  await rm(packages, { recursive: true });
}

/** Fonts with fixed width, which a terminal needs, for machines without any; the system's come first. */
async function addFonts(folder: string, source: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ['DejaVuSans', 'DejaVuSans-Bold', 'DejaVuSansMono', 'DejaVuSansMono-Bold'])
    await copyFile(join(source, `${name}.ttf`), join(folder, `${name}.ttf`));
  const config = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir prefix="relative">.</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
</fontconfig>
`;
  await writeFile(join(folder, 'fonts.conf'), config);
}
