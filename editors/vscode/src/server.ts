// Which program is the server: the setting, `shapelens` on PATH, or `-m shapelens` of an interpreter that has it.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';

export interface Surroundings {
  path: string; // the settings
  interpreter: string;
  activeInterpreter: string | undefined; // the one chosen in the Python extension
  folders: readonly string[]; // the workspace's
  trusted: boolean;
  neutral: string; // a folder without Python files
}

export interface Launch {
  command: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
}

/** The server cannot be started; the message tells the user what to do. */
export class NoServer extends Error {}

// `python -m` looks for modules in the working directory first, which would run a `shapelens.py` of the workspace.
// This variable switches that off since Python 3.11; for 3.10 the working directory is one of ours.
const SAFE_PATH = { PYTHONSAFEPATH: '1' };
const PATIENCE = 10_000; // milliseconds for an interpreter to say whether it has the server
const WINDOWS = process.platform === 'win32';

export async function findServer(around: Surroundings): Promise<Launch> {
  if (around.path) {
    const named = await program(expanded(around.path, around.folders), around);
    if (!named) throw new NoServer(`There is no program '${around.path}' (setting shapelens.path).`);
    return { command: named, args: ['server'] };
  }
  const installed = await program('shapelens', around);
  if (installed) return { command: installed, args: ['server'] };
  for await (const python of interpreters(around)) {
    if (await hasServer(python, around.neutral)) {
      return { command: python, args: ['-m', 'shapelens', 'server'], cwd: around.neutral, env: SAFE_PATH };
    }
  }
  throw new NoServer("The server is not installed: run 'pip install shapelens' (or pipx), or set shapelens.path.");
}

async function* interpreters(around: Surroundings): AsyncGenerator<string> {
  if (around.interpreter) {
    const named = expanded(around.interpreter, around.folders);
    const inside = WINDOWS ? ['Scripts\\python.exe', 'python.exe'] : ['bin/python'];
    for (const file of [named, ...inside.map((name) => join(named, name))]) {
      const found = await program(file, around);
      if (found) yield found;
    }
  }
  // An interpreter inside of the workspace runs what the workspace says (sitecustomize, .pth files).
  if (around.activeInterpreter && around.trusted) yield around.activeInterpreter;
  for (const name of ['python3', 'python']) {
    const found = await program(name, around);
    if (found) yield found;
  }
}

async function hasServer(python: string, neutral: string): Promise<boolean> {
  const question = 'import importlib.util as u, sys; sys.exit(u.find_spec("shapelens.server") is None)';
  const options = { cwd: neutral, env: { ...process.env, ...SAFE_PATH }, timeout: PATIENCE };
  try {
    await promisify(execFile)(python, ['-c', question], options);
    return true;
  } catch {
    return false; // no shapelens package at all, or no Python
  }
}

/** The absolute path of a program: a file, or a name on PATH. Never one that is found by the working directory. */
async function program(name: string, around: Surroundings): Promise<string | undefined> {
  if (isAbsolute(name) || name.includes('/') || name.includes(sep)) {
    const file = resolve(around.folders[0] ?? homedir(), name);
    return (await isProgram(file)) ? file : undefined;
  }
  const endings = WINDOWS ? ['.exe'] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(folder) || (!around.trusted && around.folders.some((root) => isInside(folder, root)))) continue;
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, WINDOWS ? constants.F_OK : constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

function expanded(text: string, folders: readonly string[]): string {
  return text
    .replaceAll('${workspaceFolder}', folders[0] ?? homedir())
    .replaceAll('${userHome}', homedir())
    .replace(/^~(?=$|[\\/])/, homedir());
}

function isInside(file: string, folder: string): boolean {
  const root = folder.endsWith(sep) ? folder : folder + sep;
  return (file + sep).startsWith(root);
}
