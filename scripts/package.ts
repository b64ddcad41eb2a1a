// `npm run package`: session-forensics-VERSION.vsix in the project's folder.
import { packVsix } from "./bundle/vsix.ts";

console.log(await packVsix());
