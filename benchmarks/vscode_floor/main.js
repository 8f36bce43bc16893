// Underlines the mistake that ../vscode.py types, as soon as the editor tells of the change.
const vscode = require('vscode');

exports.activate = (context) => {
  const found = vscode.languages.createDiagnosticCollection('floor');
  const look = (document) => {
    if (document.languageId !== 'python') return;
    const last = document.lineAt(document.lineCount - 2);
    const wrong = /Conv2D\(8, \d\d\)/.test(last.text);
    found.set(document.uri, wrong ? [new vscode.Diagnostic(last.range, 'two digits')] : []);
  };
  vscode.workspace.textDocuments.forEach(look);
  context.subscriptions.push(
    found,
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
  );
};
