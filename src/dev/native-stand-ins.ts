// Plain JavaScript in place of the two native modules of the VS Code server that are compiled on installation. Without the
// first, every log in the Output panel stays empty; without the second, extension hosts outlive a killed server.

/** `@vscode/spdlog`: log files, one line per message, cut off by starting again beyond the size limit. */
export const spdlogStandIn = `'use strict';
const fs = require('node:fs');
const path = require('node:path');
const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
const two = (n, width = 2) => String(n).padStart(width, '0');
function stamp(d) {
  const day = [d.getFullYear(), two(d.getMonth() + 1), two(d.getDate())].join('-');
  const time = [two(d.getHours()), two(d.getMinutes()), two(d.getSeconds())].join(':');
  return day + ' ' + time + '.' + two(d.getMilliseconds(), 3);
}
class Logger {
  constructor(type, name, file, maxSize) {
    this.file = file;
    this.maxSize = maxSize || 30 * 1024 * 1024;
    this.level = 0;
    this.plain = false;
    this.closed = false;
    try { this.size = fs.statSync(file).size; } catch { this.size = 0; }
    fs.appendFileSync(file, '');
  }
  write(level, message) {
    if (this.closed || level < this.level) return;
    const line = this.plain ? message : stamp(new Date()) + ' [' + names[level] + '] ' + message + '\\n';
    try {
      if (this.size > this.maxSize) {
        fs.writeFileSync(this.file, '');
        this.size = 0;
      }
      fs.appendFileSync(this.file, line);
      this.size += Buffer.byteLength(line);
    } catch {
      // A log that cannot be written must not stop the editor.
    }
  }
  trace(message) { this.write(0, message); }
  debug(message) { this.write(1, message); }
  info(message) { this.write(2, message); }
  warn(message) { this.write(3, message); }
  error(message) { this.write(4, message); }
  critical(message) { this.write(5, message); }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() { this.plain = false; }
  clearFormatters() { this.plain = true; }
  flush() {}
  drop() { this.closed = true; }
}
const create = async (type, name, file, maxSize, maxFiles) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger(type, name, file, maxSize, maxFiles);
};
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = (...rest) => create('rotating', ...rest);
exports.createAsyncRotatingLogger = (...rest) => create('rotating_async', ...rest);
`;

/** `@vscode/native-watchdog`: ends this process soon after the one with the given id is gone. */
export const watchdogStandIn = `'use strict';
exports.start = (pid) => {
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (error) {
      if (error.code === 'ESRCH') process.exit(87);
    }
  }, 1000).unref();
};
exports.exit = (code) => process.exit(code || 0);
`;
