// Runs the real Claude Code CLI in print mode, in a home of its own, with the variables that Switchyard gives terminals.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claudeEnvironment } from '../../src/core/claude-environment.ts';
import { ensureClaudeCode } from '../../src/dev/claude-code.ts';
import { isObject, type JsonObject } from './scripted-upstream-types.ts';

export interface ClaudeRun {
  /** The lines of `--output-format stream-json`. */
  messages: JsonObject[];
  /** Of the result line: what print mode would have printed, and whether it was an error. */
  text: string;
  isError: boolean;
  sessionId: string;
  /** Content of all tool results, as text, in order. */
  toolResults: string[];
  /** Model names of all assistant messages. */
  models: string[];
  /** The result line as a whole. */
  result: JsonObject;
  exitCode: number | null;
  stderr: string;
}

export interface ClaudeOptions {
  /** `--model`. */
  model?: string;
  /** Further arguments, e.g. `['--resume', id]`. */
  args?: string[];
  /** Added to the environment; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  /** Seconds until it is killed and the run fails with everything it printed. Default 60. */
  timeout?: number;
}

/** Where the client finds the router. */
export interface Gateway {
  url: string;
  token: string;
}

/** One user's machine: a home, a project folder and a gateway. Runs share sessions and settings. */
export class ClaudeCode {
  /** The project folder: working directory of all runs. */
  readonly folder: string;
  readonly #root: string;
  readonly #executable: string;
  readonly #gateway: Gateway;

  private constructor(root: string, executable: string, gateway: Gateway) {
    this.#root = root;
    this.folder = join(root, 'project');
    this.#executable = executable;
    this.#gateway = gateway;
  }

  /** Installs the CLI into the cache if needed. */
  static async create(gateway: Gateway): Promise<ClaudeCode> {
    const executable = await ensureClaudeCode();
    const root = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-claude-')));
    const claude = new ClaudeCode(root, executable, gateway);
    await mkdir(join(root, 'home', '.claude'), { recursive: true });
    await mkdir(claude.folder);
    await mkdir(join(root, 'tmp'), { mode: 0o700 });
    return claude;
  }

  /** Writes a file of the project; returns its absolute path. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const file = join(this.folder, name);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, content);
    return file;
  }

  /** Absolute path of a file of the user's Claude Code folder. */
  configFile(name: string): string {
    return join(this.#root, 'home', '.claude', name);
  }

  /** Runs `claude -p` with `prompt` as its input. Rejects only when it hangs or prints nothing usable. */
  async run(prompt: string, options: ClaudeOptions = {}): Promise<ClaudeRun> {
    const args = [
      '-p',
      '--output-format',
      'stream-json',
      '--verbose',
      '--permission-mode',
      'bypassPermissions',
    ];
    if (options.model !== undefined) args.push('--model', options.model);
    args.push(...(options.args ?? []));
    const child = spawn(this.#executable, args, {
      cwd: this.folder,
      env: this.#environment(options.env ?? {}),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.stdin.on('error', () => {}).end(prompt);
    const seconds = options.timeout ?? 60;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, seconds * 1000);
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    clearTimeout(timer);
    if (late) throw new Error(`claude did not end within ${seconds} s\n${stdout}\n${stderr}`);
    return summary(stdout, stderr, exitCode);
  }

  async close(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Nothing of this process's own environment but what a program needs: the tester may use Claude Code too. */
  #environment(extra: Record<string, string | undefined>): Record<string, string> {
    const home = join(this.#root, 'home');
    const all: Record<string, string | undefined> = {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: home,
      CLAUDE_CONFIG_DIR: join(home, '.claude'),
      // Its sockets and scratch files would otherwise stay behind in /tmp.
      XDG_RUNTIME_DIR: join(this.#root, 'tmp'),
      CLAUDE_CODE_TMPDIR: join(this.#root, 'tmp'),
      TMPDIR: join(this.#root, 'tmp'),
      // Lets the superuser of a container use bypassPermissions.
      IS_SANDBOX: '1',
      DISABLE_AUTOUPDATER: '1',
      // No telemetry, and no title request beside each first turn.
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_AUTO_MODE_SERVER: '0',
      ...switchyardVariables(this.#gateway),
      ...extra,
    };
    return Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }
}

function switchyardVariables({ url, token }: Gateway): Record<string, string> {
  const port = Number(new URL(url).port);
  const environment = claudeEnvironment(
    {
      version: '',
      phase: 'listening',
      port,
      pid: 0,
      paused: false,
      config: { file: '', state: 'ok', problems: [] },
      demo: false,
      health: 'ok',
      routes: [],
      groups: [],
      providers: [],
      exchanges: [],
    },
    token,
  );
  return environment?.fixed ?? {};
}

function summary(stdout: string, stderr: string, exitCode: number | null): ClaudeRun {
  const messages: JsonObject[] = [];
  for (const line of stdout.split('\n')) {
    if (line.trim() === '') continue;
    const value: unknown = JSON.parse(line);
    if (isObject(value)) messages.push(value);
  }
  const result = messages.findLast((message) => message.type === 'result');
  if (result === undefined)
    throw new Error(`claude printed no result (exit ${exitCode})\n${stdout}\n${stderr}`);
  const assistants = messages.filter((message) => message.type === 'assistant');
  return {
    messages,
    text: String(result.result ?? ''),
    isError: result.is_error === true,
    sessionId: String(result.session_id),
    toolResults: messages.flatMap(toolResultsOf),
    models: assistants.flatMap(({ message }) => (isObject(message) ? [String(message.model)] : [])),
    result,
    exitCode,
    stderr,
  };
}

function toolResultsOf(line: JsonObject): string[] {
  const { type, message } = line;
  if (type !== 'user' || !isObject(message) || !Array.isArray(message.content)) return [];
  return message.content.flatMap((block: unknown) => {
    if (!isObject(block) || block.type !== 'tool_result') return [];
    const { content } = block;
    return [typeof content === 'string' ? content : JSON.stringify(content)];
  });
}
