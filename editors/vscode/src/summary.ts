// The panel with a model's summary: a page that the server makes, which stays true while the model is edited.
import * as vscode from 'vscode';
import { ExecuteCommandRequest, type LanguageClient } from 'vscode-languageclient/node';

const COMMAND = 'shapelens.summary'; // of the server
const QUIET = 400; // milliseconds after the last edit

/** Which model: of a file, all of them; or the one of this name at this line. */
export interface Asked {
  uri: string;
  name?: string;
  line?: number;
}

interface Summary {
  title: string;
  html: string; // a whole page, which posts a Reveal where something is clicked
  models: unknown[];
}

interface Reveal {
  command: 'reveal';
  uri: string;
  line: number; // from 1, like the column
  column: number;
}

export class SummaryPanel implements vscode.Disposable {
  private readonly edits: vscode.Disposable;
  private panel: vscode.WebviewPanel | undefined;
  private asked: Asked | undefined;
  private shown = ''; // the data of the page
  private later: NodeJS.Timeout | undefined;

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.edits = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!this.panel || String(document.uri) !== this.asked?.uri) return;
      clearTimeout(this.later);
      this.later = setTimeout(() => this.refresh(), QUIET);
    });
  }

  /** Show the summary that is asked for, or of all models in the file in front. */
  async show(asked?: Asked): Promise<void> {
    const front = vscode.window.activeTextEditor?.document.uri;
    const wanted = asked ?? (front && { uri: String(front) });
    const summary = wanted && (await this.ask(wanted));
    if (!summary) {
      void vscode.window.showInformationMessage('Shapelens knows no model here.');
      return;
    }
    this.asked = wanted;
    if (!this.panel) this.open();
    this.draw(summary);
    this.panel?.reveal(undefined, true);
  }

  dispose(): void {
    clearTimeout(this.later);
    this.edits.dispose();
    this.panel?.dispose();
  }

  private async ask(asked: Asked): Promise<Summary | null> {
    const client = this.client();
    if (!client?.isRunning()) return null;
    return client.sendRequest(ExecuteCommandRequest.type, { command: COMMAND, arguments: [asked] });
  }

  /** The model may have moved to another line; it is known by its name. One that is gone stays as it was. */
  private async refresh(): Promise<void> {
    if (!this.asked) return;
    const { uri, name } = this.asked;
    const summary = await this.ask({ uri, name }).catch(() => null);
    if (summary) this.draw(summary);
  }

  private open(): void {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { enableScripts: true, enableFindWidget: true, retainContextWhenHidden: true, localResourceRoots: [] };
    const panel = vscode.window.createWebviewPanel('shapelens.summary', 'Model Summary', place, options);
    panel.webview.onDidReceiveMessage((message: Reveal) => reveal(message));
    panel.onDidDispose(() => (this.panel = undefined));
    this.panel = panel;
    this.shown = '';
  }

  private draw(summary: Summary): void {
    const data = JSON.stringify(summary.models);
    if (!this.panel || data === this.shown) return; // what was scrolled and opened stays so
    this.panel.title = summary.title;
    this.panel.webview.html = summary.html;
    this.shown = data;
  }
}

async function reveal({ command, uri, line, column }: Reveal): Promise<void> {
  if (command !== 'reveal') return;
  const place = new vscode.Position(line - 1, column - 1);
  const selection = new vscode.Range(place, place);
  const there = vscode.window.visibleTextEditors.find(({ document }) => String(document.uri) === uri);
  const viewColumn = there?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(uri), { selection, viewColumn });
}
