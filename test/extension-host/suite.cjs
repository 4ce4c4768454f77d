// Runs inside an extension host, beside the extension: in the VS Code server (`npm test`) and in a downloaded desktop
// VS Code (`npm run test:electron`). Plain JavaScript, because the editor loads it with its own Node.
const assert = require('node:assert/strict');
const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const vscode = require('vscode');

const home = process.env.SWITCHYARD_HOME;
const deadline = 30_000;

const checks = {
  async 'the extension activates'() {
    const extension = vscode.extensions.getExtension('switchyard.switchyard');
    assert.ok(extension, 'the extension is not there');
    await extension.activate();
    assert.ok(extension.isActive);
  },
  async 'every contributed command is registered'() {
    const { contributes } = vscode.extensions.getExtension('switchyard.switchyard').packageJSON;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = contributes.commands.map(({ command }) => command).filter((id) => !registered.has(id));
    assert.deepEqual(missing, []);
  },
  async 'the router listens on its kept port and asks for the token'() {
    const { url, token } = await connection();
    assert.equal((await fetch(`${url}/health`)).status, 200);
    assert.equal((await fetch(`${url}/v1/models`)).status, 401);
    assert.equal((await fetch(`${url}/v1/models`, { headers: { 'x-api-key': token } })).status, 200);
  },
  async 'the demo answers without a key'() {
    const { url, token } = await connection();
    const answer = await until(async () => {
      const response = await fetch(`${url}/v1/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', max_tokens: 50, messages: [{ role: 'user', content: 'hello' }] }),
      });
      return response.ok ? response.json() : undefined;
    });
    assert.match(answer.content[0].text, /^\[Switchyard demo\]/);
  },
  async 'the config opens, with completion of its fields left to YAML extensions'() {
    await vscode.commands.executeCommand('switchyard.openConfig');
    const editor = await until(async () => vscode.window.activeTextEditor);
    assert.equal(editor.document.uri.fsPath, join(home, 'config.yaml'));
  },
  async 'a mistake in the config shows at its line'() {
    const uri = vscode.Uri.file(join(home, 'config.yaml'));
    await vscode.workspace.fs.writeFile(
      uri,
      Buffer.from('providers: {}\nroutes:\n  default: nobody/model\n'),
    );
    const [problem] = await until(async () => {
      const problems = vscode.languages.getDiagnostics(uri);
      return problems.length > 0 ? problems : undefined;
    });
    assert.equal(problem.range.start.line, 2);
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
  },
};

async function connection() {
  return until(async () => {
    const [state, token] = await Promise.all(
      ['state.json', 'token'].map((name) => readFile(join(home, name), 'utf8')),
    );
    const url = `http://127.0.0.1:${JSON.parse(state).port}`;
    return (await fetch(`${url}/health`)).ok ? { url, token: token.trim() } : undefined;
  });
}

/** Asks again until there is an answer; fails with the last error after half a minute. */
async function until(ask) {
  const end = Date.now() + deadline;
  let last = new Error('nothing came');
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw last;
}

/** Runs all checks in order; rejects when one fails. */
exports.run = async () => {
  const failed = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok ${name}`);
    } catch (error) {
      failed.push(name);
      console.log(`failed ${name}: ${error.stack ?? error}`);
    }
  }
  if (failed.length > 0) throw new Error(`failed: ${failed.join('; ')}`);
};
