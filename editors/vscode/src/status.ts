// The item in the status bar: the framework and version that the file in front is judged by, or the server's state.
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

const REQUEST = 'shapelens/versions';
export const VERSIONS_CHANGED = 'shapelens/versionsChanged';

interface Versions {
  label: string; // 'Keras 3.15.1'
  versions: { [framework: string]: string };
  assumed: string[]; // those of them that are not installed
  backend: string;
  legacyKeras: boolean;
  environment: string;
}

export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('shapelens', vscode.StatusBarAlignment.Right, 100);
  private readonly parts: vscode.Disposable[];
  private client: LanguageClient | undefined;
  private question = 0; // of several, only the last one's answer is shown

  constructor(private readonly selector: vscode.DocumentSelector) {
    this.item.name = 'Shapelens';
    this.item.command = 'shapelens.showMenu';
    this.parts = [this.item, vscode.window.onDidChangeActiveTextEditor(() => this.refresh())];
  }

  /** The server runs, and can be asked. */
  running(client: LanguageClient): void {
    this.client = client;
    this.refresh();
  }

  starting(): void {
    this.client = undefined;
    this.show('$(loading~spin) Shapelens', 'The server is starting.');
  }

  stopped(reason: string): void {
    this.client = undefined;
    this.show('$(error) Shapelens', reason, 'statusBarItem.errorBackground');
  }

  /** Ask again what the file in front is judged by. */
  refresh(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (document?.uri.scheme === 'output') return; // a panel that was clicked, while the file is still in front
    const ours = document !== undefined && vscode.languages.match(this.selector, document) > 0;
    if (!ours && this.client) this.item.hide();
    if (!ours || !this.client) return;
    const question = ++this.question;
    void this.client
      .sendRequest<Versions | null>(REQUEST, { textDocument: { uri: String(document.uri) } })
      .catch(() => null) // the server is going; its state is shown elsewhere
      .then((told) => {
        if (question === this.question && this.client) this.tell(told);
      });
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  private tell(told: Versions | null): void {
    if (!told) return this.show('Shapelens', 'The server is running.');
    const lines = Object.entries(told.versions).map(([name, version]) => {
      const notes = [
        told.assumed.includes(name) && 'not installed: the newest known',
        name === 'keras' && `backend ${told.backend}`,
        name === 'tf_keras' && told.legacyKeras && 'is tf.keras',
      ].filter(Boolean);
      return `| ${name} | ${version} | ${notes.join(', ')} |`;
    });
    const tooltip = new vscode.MarkdownString(['| Shapelens speaks for | | |', '|---|---|---|', ...lines].join('\n'));
    tooltip.appendMarkdown('\n\n').appendText(told.environment);
    this.show(told.label || 'Shapelens', tooltip);
  }

  private show(text: string, tooltip: string | vscode.MarkdownString, background?: string): void {
    this.question++;
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.backgroundColor = background ? new vscode.ThemeColor(background) : undefined;
    this.item.accessibilityInformation = { label: `Shapelens: ${text.replace(/\$\([^)]*\) ?/g, '')}` };
    this.item.show();
  }
}
