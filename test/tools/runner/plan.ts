// Which test files there are, how they run and what they need.

import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

export interface Stage {
  name: string;
  /** Paths from the root, sorted. */
  files: string[];
  parallel: number;
  /** A file that reports nothing for so long is killed. */
  silenceSeconds: number;
  /** Needs the bundles in dist/. */
  needsBuild: boolean;
  /** What is fetched into the cache before the stage starts. */
  needs: ('claude-code' | 'vscode')[];
}

/** All stages with files that match, cheap ones first. */
export function planStages(root: string, pattern?: string): Stage[] {
  const cores = Math.max(1, Math.min(4, availableParallelism()));
  const stages: Omit<Stage, 'files'>[] = [
    { name: 'unit', parallel: cores, silenceSeconds: 60, needsBuild: false, needs: [] },
    { name: 'integration', parallel: 1, silenceSeconds: 90, needsBuild: true, needs: [] },
    { name: 'clients', parallel: 1, silenceSeconds: 180, needsBuild: true, needs: ['claude-code'] },
    { name: 'vscode', parallel: 1, silenceSeconds: 240, needsBuild: true, needs: ['claude-code', 'vscode'] },
  ];
  const all = testFiles(root);
  return stages
    .map((stage) => ({ ...stage, files: all.filter((file) => stageOf(file) === stage.name) }))
    .map((stage) => ({ ...stage, files: stage.files.filter((file) => !pattern || file.includes(pattern)) }))
    .filter((stage) => stage.files.length > 0);
}

function testFiles(root: string): string[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts'))
    .sort();
}

/** Named by the folder below test/; whatever lies elsewhere is quick. */
function stageOf(file: string): string {
  const folder = file.split('/')[1] ?? '';
  return ['integration', 'clients', 'vscode'].includes(folder) ? folder : 'unit';
}

/** What this machine or checkout lacks, in words; tests that need it say so too. */
export function missing(root: string): string[] {
  const recordings = process.env.SWITCHYARD_RECORDINGS ?? join(root, '..', 'shared', 'fixtures');
  const missingParts: string[] = [];
  if (!existsSync(join(recordings, 'cases')))
    missingParts.push(`recorded traffic is absent (${recordings}): tests that replay it are left out`);
  return missingParts;
}
