import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as vscode from 'vscode';
import {
  type ClientCapabilities,
  DidChangeConfigurationNotification,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
  type StaticFeature,
} from 'vscode-languageclient/node';
import { copyShape, openExample, showMenu, toggleHints } from './commands';
import { PythonExtension } from './python';
import { findServer, type Launch, NoServer } from './server';
import { made, SECTION, serverSettings } from './settings';
import { Status, VERSIONS_CHANGED } from './status';
import { type Asked, SummaryPanel } from './summary';

const SELECTOR = [
  { scheme: 'file', language: 'python' },
  { scheme: 'untitled', language: 'python' },
  { scheme: 'vscode-notebook-cell', language: 'python' },
];
const CHOOSE_THE_SERVER = ['path', 'args', 'interpreter', 'importStrategy'];

let running: Shapelens | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  running = new Shapelens(context);
  context.subscriptions.push(running);
  await running.restart();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

class Shapelens implements vscode.Disposable {
  private readonly log = vscode.window.createOutputChannel('Shapelens', { log: true });
  private readonly python = new PythonExtension(this.log);
  private readonly status = new Status(SELECTOR);
  private readonly summary = new SummaryPanel(() => this.client);
  private readonly parts: vscode.Disposable[];
  private readonly names: string[];
  private client: LanguageClient | undefined;
  private launch: Launch | undefined;
  private queue: Promise<void> = Promise.resolve(); // starts and stops follow each other

  constructor(private readonly context: vscode.ExtensionContext) {
    this.names = serverSettings(context.extension);
    this.parts = [
      this.log,
      this.python,
      this.status,
      this.summary,
      vscode.commands.registerCommand('shapelens.restart', () => this.restart()),
      vscode.commands.registerCommand('shapelens.showLog', () => this.log.show()),
      vscode.commands.registerCommand('shapelens.showSummary', (asked?: Asked) => this.summary.show(asked)),
      vscode.commands.registerCommand('shapelens.copyShape', () => copyShape(this.client)),
      vscode.commands.registerCommand('shapelens.toggleHints', () => toggleHints()),
      vscode.commands.registerCommand('shapelens.openExample', () => openExample(context.asAbsolutePath('python/example.py'))),
      vscode.commands.registerCommand('shapelens.showMenu', () => showMenu(context.extension.packageJSON.contributes.commands)),
      vscode.workspace.onDidChangeConfiguration((event) => this.configured(event)),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.relaunch()),
      this.python.onDidChange(() => this.pythonChanged()),
    ];
  }

  /** Start the server, again if it runs. */
  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.end();
      await this.begin();
    });
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.end());
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  private enqueue(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error) => this.failed(error));
    return this.queue;
  }

  private async begin(): Promise<void> {
    this.status.starting();
    this.launch = undefined;
    const launch = (this.launch = await this.find());
    this.log.info(`starting: ${[launch.command, ...launch.args].join(' ')}`);
    const program = { command: launch.command, args: launch.args, options: { cwd: launch.cwd, env: launch.env } };
    const client = new LanguageClient(SECTION, 'Shapelens', program, this.options());
    client.onDidChangeState(({ newState }) => {
      if (this.client !== client) return;
      if (newState === State.Running) this.status.running(client);
      else if (newState === State.Starting) this.status.starting();
      else this.status.stopped('The server has stopped.');
    });
    client.registerFeature(ABILITIES);
    client.onNotification(VERSIONS_CHANGED, () => this.status.refresh());
    this.client = client;
    await client.start();
    await this.tellChanged(); // the server asks by itself, but goes on without an answer after a second
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (!client) return;
    try {
      if (client.needsStop()) await client.stop();
    } catch (error) {
      this.log.warn(`the server did not stop in an orderly way: ${error}`);
    } finally {
      await client.dispose().catch((error) => this.log.debug(`${error}`)); // one that never started cannot be disposed
    }
  }

  private async find(): Promise<Launch> {
    const configuration = vscode.workspace.getConfiguration(SECTION);
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const launch = await findServer({
      path: configuration.get('path', ''),
      interpreter: configuration.get('interpreter', ''),
      fromEnvironment: configuration.get('importStrategy') === 'fromEnvironment',
      activeInterpreter: await this.python.interpreter(folders[0]?.uri),
      folders: folders.map(({ uri }) => uri.fsPath),
      trusted: vscode.workspace.isTrusted,
      packed: this.context.asAbsolutePath('python'),
    });
    return { ...launch, args: [...launch.args, ...configuration.get<string[]>('args', [])] };
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: SELECTOR,
      outputChannel: this.log,
      traceOutputChannel: this.log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      stdioOptions: { stdout: copyLines, stderr: copyLines },
      middleware: {
        workspace: {
          configuration: async (parameters, token, next) => {
            const answers = await next(parameters, token);
            if (!Array.isArray(answers)) return answers;
            return Promise.all(
              parameters.items.map(({ section, scopeUri }, index) =>
                section === SECTION ? this.told(scopeUri) : answers[index],
              ),
            );
          },
          didChangeConfiguration: () => this.tellChanged(),
        },
      },
    };
  }

  /** The settings for a folder, or for all: the user's, and the interpreter of the Python extension. */
  private async told(scope: string | undefined): Promise<unknown> {
    const resource = scope ? vscode.Uri.parse(scope) : vscode.workspace.workspaceFolders?.[0]?.uri;
    const settings = made(this.names, scope ? resource : undefined);
    settings.interpreter ||= await this.python.interpreter(resource);
    return settings;
  }

  /** Let the server ask for its settings again. */
  private async tellChanged(): Promise<void> {
    if (this.client?.isRunning()) {
      await this.client.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    }
  }

  private configured(event: vscode.ConfigurationChangeEvent): void {
    if (CHOOSE_THE_SERVER.some((name) => event.affectsConfiguration(`${SECTION}.${name}`))) {
      void this.relaunch();
    }
  }

  /** Another environment counts now. It need not have the server: the one that runs can speak for it too. */
  private async pythonChanged(): Promise<void> {
    if (!this.client?.isRunning()) await this.relaunch();
    await this.tellChanged();
  }

  /** Restart if the server is another program now, or none. */
  private async relaunch(): Promise<void> {
    const now = await this.find().catch((error) => String(error));
    if (JSON.stringify(now) !== JSON.stringify(this.launch)) await this.restart();
  }

  private failed(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.status.stopped(text);
    this.log.error(text);
    if (!(error instanceof NoServer)) return; // the client has told the user of the others
    void vscode.window.showErrorMessage(`Shapelens: ${text}`, 'Open Settings', 'Show Log').then((choice) => {
      if (choice === 'Open Settings') void vscode.commands.executeCommand('workbench.action.openSettings', error.setting);
      if (choice === 'Show Log') this.log.show();
    });
  }
}

/** What this client shows beside the protocol's own. */
const ABILITIES: StaticFeature = {
  fillClientCapabilities: (capabilities: ClientCapabilities) => {
    capabilities.experimental = { ...capabilities.experimental, shapelens: { versions: true, showSummary: true } };
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

/** What the server writes to stderr tells its level itself; the client would call all of it errors. */
function copyLines(input: Readable, channel: vscode.LogOutputChannel): void {
  createInterface({ input, crlfDelay: Infinity }).on('line', (line) => channel.info(line));
}
