// The entry of the command line: picks the verb and sets the exit code.
import manifest from "../../package.json" with { type: "json" };

const HELP = `Usage: session-forensics <verb> [argument…]

  --version   print the version
  --help      print this help
`;

function main(args: readonly string[]): number {
  if (args.includes("--version")) process.stdout.write(`${manifest.version}\n`);
  else if (args.length === 0 || args.includes("--help")) process.stdout.write(HELP);
  else {
    process.stderr.write(`Unknown: ${args.join(" ")}\n\n${HELP}`);
    return 2;
  }
  return 0;
}

process.exitCode = main(process.argv.slice(2));
