// What the server is told: the settings that the user has made, and nothing else.
// VS Code would send the defaults of all others too, and they would win over the project's pyproject.toml.
import * as vscode from 'vscode';

export const SECTION = 'shapelens';
const CLIENT_ONLY = new Set(['path', 'args', 'importStrategy', 'trace.server']);

type Settings = { [name: string]: unknown };

/** The names of the server's settings, as package.json lists them, without the section. */
export function serverSettings(extension: vscode.Extension<unknown>): string[] {
  const listed: Settings = extension.packageJSON.contributes.configuration.properties;
  return Object.keys(listed)
    .map((name) => name.slice(SECTION.length + 1))
    .filter((name) => !CLIENT_ONLY.has(name));
}

/** The user's settings for a file or folder: `{ inlayHints: { calls: true } }`. */
export function made(names: readonly string[], scope?: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION, scope);
  const settings: Settings = {};
  for (const name of names) {
    const { defaultValue: _, key: __, languageIds: ___, ...given } = configuration.inspect(name) ?? { key: name };
    if (Object.values(given).every((value) => value === undefined)) continue;
    const parents = name.split('.');
    const last = parents.pop()!;
    let place = settings;
    for (const parent of parents) place = (place[parent] ??= {}) as Settings;
    place[last] = configuration.get(name);
  }
  return settings;
}
