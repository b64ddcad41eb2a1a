/**
 * What the SDK takes from its surroundings; bundling puts this in the place of its own (`scripts/bundle/bundles.ts`). The validator
 * is the SDK's for places that forbid code made at run time. Our tools check their input themselves.
 */
export { CfWorkerJsonSchemaValidator as DefaultJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
export { default as process } from "node:process";
