// Which program is the server: the setting, the one that is packed with the extension, or one that is installed.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';

export interface Surroundings {
  path: string; // the settings
  interpreter: string;
  fromEnvironment: boolean; // prefer a server that is installed
  activeInterpreter: string | undefined; // the one chosen in the Python extension
  folders: readonly string[]; // the workspace's
  trusted: boolean;
  packed: string; // the folder of the packed server
}

export interface Launch {
  command: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
}

/** The server cannot be started; the message tells the user what to do, `setting` where. */
export class NoServer extends Error {
  constructor(
    message: string,
    readonly setting: string,
  ) {
    super(message);
  }
}

// `python -m` looks for modules in the working directory first, which would run a `shapelens.py` of the workspace.
// This variable switches that off since Python 3.11; for 3.10 the working directory is one of ours.
const SAFE_PATH = { PYTHONSAFEPATH: '1' };
const PATIENCE = 10_000; // milliseconds for an interpreter to answer a question
const WINDOWS = process.platform === 'win32';
const NEW_ENOUGH = 'import sys; sys.exit(sys.version_info < (3, 10))';
const HAS_SERVER = 'import importlib.util as u, sys; sys.exit(u.find_spec("shapelens.server") is None)';

export async function findServer(around: Surroundings): Promise<Launch> {
  if (around.path) {
    const named = await program(expanded(around.path, around.folders), around);
    if (!named) throw new NoServer(`There is no program '${around.path}' (setting shapelens.path).`, 'shapelens.path');
    return { command: named, args: ['server'] };
  }
  return (around.fromEnvironment && (await installed(around))) || packed(around);
}

/** The packed server, in the first Python that is new enough. `-I`: nothing but it and Python's own is imported. */
async function packed(around: Surroundings): Promise<Launch> {
  const script = join(around.packed, 'serve.py');
  for await (const python of interpreters(around)) {
    if (await says(python, ['-I', '-c', NEW_ENOUGH], around.packed)) {
      return { command: python, args: ['-I', script, 'server'], cwd: around.packed };
    }
  }
  throw new NoServer(
    'Shapelens needs Python 3.10 or newer, and found none: set shapelens.interpreter.',
    'shapelens.interpreter',
  );
}

async function installed(around: Surroundings): Promise<Launch | undefined> {
  for await (const python of interpreters(around)) {
    if (await says(python, ['-c', HAS_SERVER], around.packed)) {
      return { command: python, args: ['-m', 'shapelens', 'server'], cwd: around.packed, env: SAFE_PATH };
    }
  }
  const onPath = await program('shapelens', around);
  return onPath ? { command: onPath, args: ['server'] } : undefined;
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

/** Whether a Python ends well with these arguments. */
async function says(python: string, args: string[], cwd: string): Promise<boolean> {
  const options = { cwd, env: { ...process.env, ...SAFE_PATH }, timeout: PATIENCE };
  return promisify(execFile)(python, args, options).then(
    () => true,
    () => false,
  );
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
