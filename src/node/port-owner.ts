// Which program holds a port: for the sentence that tells the user why the router cannot have it.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface PortOwner {
  pid: number;
  name: string;
}

/** The program that listens on `port` of this machine. Known on Linux only, and only for programs of the same user. */
export function findPortOwner(port: number): PortOwner | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const sockets = new Set([...listening('/proc/net/tcp', port), ...listening('/proc/net/tcp6', port)]);
    if (sockets.size === 0) return undefined;
    for (const pid of readdirSync('/proc')) {
      if (/^\d+$/.test(pid) && holds(pid, sockets)) return { pid: Number(pid), name: programName(pid) };
    }
  } catch {
    // A hardened /proc tells nothing; the sentence does without a name.
  }
  return undefined;
}

/** Inodes of the sockets that listen on the port. Columns of the table: proc_net_tcp(5); state 0A is LISTEN. */
function listening(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  let rows: string[];
  try {
    rows = readFileSync(table, 'utf8').split('\n').slice(1);
  } catch {
    return [];
  }
  return rows.flatMap((row) => {
    const columns = row.trim().split(/\s+/);
    const inode = columns[9];
    return columns[1]?.endsWith(`:${wanted}`) && columns[3] === '0A' && inode ? [inode] : [];
  });
}

function holds(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((handle) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${handle}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function programName(pid: string): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
  const base = (path: string | undefined): string => path?.split('/').at(-1) ?? '';
  // The script says more than "node" or "python".
  const script = words[1]?.startsWith('-') ? '' : base(words[1]);
  return [base(words[0]), script].filter(Boolean).join(' ').slice(0, 60) || 'unknown';
}
