/** Ties a handler to a method of the protocol, with the method's own types. */
import type { CancellationToken, Connection } from "vscode-languageserver/node";

import type { Notices, Requests } from "../../protocol/methods.ts";

type Handler<Name extends keyof Requests> = (
  params: Requests[Name]["params"],
  token: CancellationToken,
) => Requests[Name]["result"] | Promise<Requests[Name]["result"]>;

/** A handler that throws a ResponseError refuses the request; any other error becomes an internal one with its message. */
export function answer<Name extends keyof Requests>(
  connection: Connection,
  method: Name,
  handler: Handler<Name>,
): void {
  connection.onRequest(
    method,
    async (params: Requests[Name]["params"], token: CancellationToken): Promise<unknown> =>
      await handler(params, token),
  );
}

export function tell<Name extends keyof Notices>(connection: Connection, method: Name, params: Notices[Name]): void {
  void connection.sendNotification(method, params);
}
