// Installs the dependencies when they are not the ones of package-lock.json. Runs before anything is installed, with
// whatever Node.js the machine has; Node 24 for everything else comes with the packages. Old Nodes must be able to
// parse this file, so it has no static imports and no new syntax.

const OLDEST = 20;
const WANTED = 24;

async function main() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST) {
    fail(
      `Switchyard needs Node.js ${OLDEST} or newer to start with (this is ${process.version}): see https://nodejs.org.`,
    );
    return;
  }
  const { join, dirname } = await import('node:path');
  const { fileURLToPath } = await import('node:url');
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const modules = join(root, 'node_modules');
  if (!(await isCurrent(root, modules))) {
    const started = Date.now();
    say('installing dependencies (up to a minute) ...');
    // Not "ci": that refuses a lockfile in which a package of some other platform is missing.
    if ((await npm(['install', '--no-save'], root)) !== 0) {
      fail('npm could not install the dependencies; its message stands above.');
      return;
    }
    say(`dependencies installed after ${Math.round((Date.now() - started) / 1000)} s`);
  }
  if (nodeMajor(await ownNode(modules)) === WANTED) return;
  // With npm's ignore-scripts the package `node` stays empty: do what its script and npm would have done.
  await run(process.execPath, ['installArchSpecificPackage.js'], join(modules, 'node'));
  await link(modules);
  if (nodeMajor(await ownNode(modules)) === WANTED) return;
  fail(
    `Node.js ${WANTED} is missing in node_modules/.bin. Run "npm config set ignore-scripts false" and "npm ci" again, ` +
      `or use Node.js ${WANTED} from https://nodejs.org for "npm start" and "npm test".`,
  );
}

/** npm's own record of what is installed agrees with the lockfile; packages for other platforms may be absent. */
async function isCurrent(root, modules) {
  const { readFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  try {
    const wanted = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')).packages;
    for (const [path, entry] of Object.entries(wanted)) {
      if (path === '' || entry.optional || entry.devOptional) continue;
      if (!present[path] || present[path].version !== entry.version) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** Version that the project's own Node prints, or ''. */
async function ownNode(modules) {
  const { spawnSync } = await import('node:child_process');
  const { join } = await import('node:path');
  const windows = process.platform === 'win32';
  const program = join(modules, '.bin', windows ? 'node.cmd' : 'node');
  const result = spawnSync(program, ['--version'], { encoding: 'utf8', shell: windows });
  return result.stdout || '';
}

async function link(modules) {
  const { symlink } = await import('node:fs/promises');
  const { join } = await import('node:path');
  if (process.platform === 'win32') return;
  await symlink(join('..', 'node', 'bin', 'node'), join(modules, '.bin', 'node')).catch((error) => {
    if (error.code !== 'EEXIST') say(error.message);
  });
}

function nodeMajor(version) {
  return Number(version.replace('v', '').split('.')[0]);
}

/** Runs the npm that called us, else the one on the PATH, with settings that a user's npmrc must not undo. */
function npm(args, folder) {
  const settings = [
    '--include=dev',
    '--engine-strict=false', // the system's Node may be older than a package wants; it is not the one that runs it
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ];
  const script = process.env.npm_execpath;
  if (/npm-cli\.js$/.test(script || '')) return run(process.execPath, [script, ...args, ...settings], folder);
  return run('npm', [...args, ...settings], folder, process.platform === 'win32');
}

/** Exit code of a program that writes to our own output. */
async function run(command, args, folder, shell) {
  const { spawn } = await import('node:child_process');
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: shell === true,
    });
    child.on('error', (error) => {
      say(error.message);
      resolve(1);
    });
    child.on('close', (code) => resolve(code === null ? 1 : code));
  });
}

function say(message) {
  process.stderr.write(`${message}\n`);
}

function fail(message) {
  say(message);
  process.exitCode = 1;
}

main().catch((error) => fail(String(error)));
