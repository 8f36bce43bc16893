// Commands about what is in front of the user: its shape, and the shapes drawn into the text.
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { SECTION } from './settings';

const SHAPE = 'shapelens/shape';

/** Put the shape of what the cursor is on into the clipboard. */
export async function copyShape(client: LanguageClient | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !client?.isRunning()) return;
  const shape = await client.sendRequest<string | null>(SHAPE, {
    textDocument: { uri: String(editor.document.uri) },
    position: client.code2ProtocolConverter.asPosition(editor.selection.active),
  });
  if (shape) await vscode.env.clipboard.writeText(shape);
  vscode.window.setStatusBarMessage(shape ? `Copied ${shape}` : 'No shape is known here', 4000);
}

/** Draw shapes into the text, or no longer, where that is set already: in the folder, the workspace, else for the user. */
export async function toggleHints(): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  const configuration = vscode.workspace.getConfiguration(SECTION, scope);
  const made = configuration.inspect('inlayHints.enabled');
  const target =
    made?.workspaceFolderValue !== undefined
      ? vscode.ConfigurationTarget.WorkspaceFolder
      : made?.workspaceValue !== undefined
        ? vscode.ConfigurationTarget.Workspace
        : vscode.ConfigurationTarget.Global;
  await configuration.update('inlayHints.enabled', !configuration.get('inlayHints.enabled'), target);
}

/** A file to try things out in. */
export async function openExample(file: string): Promise<void> {
  const content = await readFile(file, 'utf8');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'python', content }));
}

/** What the item in the status bar offers. */
export async function showMenu(commands: readonly { command: string; title: string }[]): Promise<void> {
  const items = commands
    .filter(({ command }) => command !== 'shapelens.showMenu')
    .map(({ command, title }) => ({ label: title, command }));
  items.push({ label: 'Open Settings', command: 'shapelens.openSettings' });
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Shapelens' });
  if (chosen?.command === 'shapelens.openSettings') {
    await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:shapelens.shapelens');
  } else if (chosen) {
    await vscode.commands.executeCommand(chosen.command);
  }
}
