// An application in a folder of its own, far from this repository's packages, that installs the SDK as its readers do.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryDirectory } from "./binary.js";

const ROOT = join(import.meta.dirname, "../../../..");

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));

/** The package's file name, which has its version. */
export const PACKAGE_FILE = `peekaboo-sdk-${manifest.version}.tgz`;

/** The package as `npm run build` makes it and hubs serve it. */
export const PACKAGE = join(import.meta.dirname, "../../dist", PACKAGE_FILE);

/** The paths that applications import: `.`, `./react`, … */
export const ENTRIES = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");

export interface Application {
  readonly path: string;
  /** Writes a file: text as it is, anything else as JSON. */
  write(name: string, content: string | object): void;
  /** Runs npm in the folder; only what is written by a path or an address is fetched. */
  npm(...args: string[]): void;
  /** Runs a program with Node; gives what it prints. */
  node(...args: string[]): string;
  /** Packs a package that this repository has installed; gives the file's path. */
  pack(name: string): string;
  /** Makes a package that this repository has installed part of the application, for the compiler. */
  link(name: string): void;
  /** Every folder of this name in a `node_modules`, at any depth. */
  installed(name: string): string[];
  remove(): void;
}

export function createApplication(description: object): Application {
  const directory = temporaryDirectory();
  const { path } = directory;
  // What npm tells the scripts that it runs must not reach the npm that the application runs.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));

  function run(command: string, args: readonly string[]): string {
    try {
      return execFileSync(command, args, { cwd: path, env, encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      const { stdout, stderr } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  const application: Application = {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    },
    npm: (...args) =>
      void run("npm", [
        ...args,
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--cache",
        join(path, ".npm"),
      ]),
    node: (...args) => run(process.execPath, args),
    pack(name) {
      const source = join(ROOT, "node_modules", name);
      const args = ["pack", source, "--ignore-scripts", "--silent", "--pack-destination", path];
      return join(path, run("npm", args).trim());
    },
    link(name) {
      const target = join(path, "node_modules", name);
      mkdirSync(dirname(target), { recursive: true });
      symlinkSync(join(ROOT, "node_modules", name), target);
    },
    installed: (name) =>
      readdirSync(path, { recursive: true, encoding: "utf8" }).filter((each) =>
        `/${each}`.endsWith(`/node_modules/${name}`),
      ),
    remove: directory.remove,
  };
  application.write("package.json", { name: "application", version: "1.0.0", private: true, ...description });
  return application;
}
