// The extension comes to life in a real editor, from the packed .vsix.
import assert from "node:assert/strict";

import * as vscode from "vscode";

const ID = "session-forensics.session-forensics";

describe("activation", () => {
  it("finds the packed extension in this host", () => {
    const extension = vscode.extensions.getExtension(ID);
    assert.ok(extension, `${ID} is not installed here`);
    assert.ok(!extension.packageJSON.devDependencies, "this is the source folder, not the packed extension");
  });

  it("activates and starts its language server", async () => {
    const extension = vscode.extensions.getExtension(ID);
    await extension?.activate();
    assert.equal(extension?.isActive, true);
  });
});
