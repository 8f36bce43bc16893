// The interpreter that is chosen in the Python extension, where there is one.
import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';

interface PythonApi {
  environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string } | undefined;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

const ID = 'ms-python.python';
const PATIENCE = 2_000; // milliseconds that the server's start waits for the Python extension

export class PythonExtension implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly api: Promise<PythonApi | undefined>;
  private readonly late = new Promise<undefined>((done) => setTimeout(done, PATIENCE, undefined));
  private readonly parts: vscode.Disposable[] = [this.changed];
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.api = this.connect();
  }

  /** The path of the interpreter for a file or folder. */
  async interpreter(resource?: vscode.Uri): Promise<string | undefined> {
    const path = (await Promise.race([this.api, this.late]))?.environments?.getActiveEnvironmentPath(resource)?.path;
    return path && isAbsolute(path) ? path : undefined; // "python" stands for: none chosen
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  private async connect(): Promise<PythonApi | undefined> {
    const extension = vscode.extensions.getExtension<PythonApi>(ID);
    if (!extension) return undefined;
    const start = Date.now();
    try {
      const api = await extension.activate();
      if (api?.environments) {
        this.parts.push(api.environments.onDidChangeActiveEnvironmentPath(() => this.changed.fire()));
        if (Date.now() - start >= PATIENCE) this.changed.fire();
      }
      return api;
    } catch (error) {
      this.log.warn(`the Python extension does not start: ${error}`);
      return undefined;
    }
  }
}
