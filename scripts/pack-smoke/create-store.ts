import { execFileSync } from "node:child_process"
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { repositoryRoot } from "../postgres-binaries"
import { linkTree } from "./link-tree"
import { npm } from "./pack-plugin"

const NAME = "medusa-plugin-erp-sync"

/** What a store of Medusa's starter depends on, besides the plugin. */
const STORE_PACKAGES = [
  "@medusajs/admin-bundler",
  "@medusajs/admin-sdk",
  "@medusajs/cli",
  "@medusajs/dashboard",
  "@medusajs/framework",
  "@medusajs/icons",
  "@medusajs/js-sdk",
  "@medusajs/medusa",
  "@medusajs/ui",
  "@swc/core",
  "@swc/helpers",
  "@tanstack/react-query",
  "@types/node",
  "@types/react",
  "react",
  "react-dom",
  "react-i18next",
  "react-router-dom",
  "ts-node",
  "typescript",
  "vite",
]

/**
 * Creates a store that uses the packed plugin.
 *
 * Unless `install` is set, the other packages are linked from this repository. The plugin always
 * comes out of the tarball.
 *
 * @returns the folder of the installed plugin.
 */
export function createStore(
  store: string,
  tarball: string,
  { install }: { install: boolean },
): string {
  mkdirSync(join(store, "src/scripts"), { recursive: true })
  writeFileSync(join(store, "package.json"), JSON.stringify(manifest(tarball), null, 2))
  writeFileSync(join(store, "tsconfig.json"), JSON.stringify(TSCONFIG, null, 2))
  writeFileSync(join(store, "medusa-config.ts"), storeConfig())
  for (const file of ["seed.ts", "login.ts"]) {
    copyFileSync(join(repositoryRoot, "demo", file), join(store, "src/scripts", file))
  }
  const plugin = join(store, "node_modules", NAME)
  if (install) {
    npm(["install", "--prefer-offline"], store)
  } else {
    linkTree(
      join(repositoryRoot, "node_modules"),
      join(store, "node_modules"),
      (name) => name.startsWith(".") || name === "eslint",
    )
    mkdirSync(plugin, { recursive: true })
    execFileSync("tar", ["-xzf", tarball, "-C", plugin, "--strip-components=1"])
  }
  return plugin
}

function manifest(tarball: string): object {
  const ours = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>
  }
  const versions = STORE_PACKAGES.map((name) => [name, ours.devDependencies[name]])
  return {
    name: "fresh-store",
    private: true,
    dependencies: { ...Object.fromEntries(versions), [NAME]: `file:${tarball}` },
  }
}

const TSCONFIG = {
  compilerOptions: {
    target: "ES2021",
    module: "Node16",
    moduleResolution: "Node16",
    esModuleInterop: true,
    emitDecoratorMetadata: true,
    experimentalDecorators: true,
    skipLibCheck: true,
    jsx: "react-jsx",
    outDir: "./.medusa/server",
    rootDir: "./",
    strictNullChecks: true,
  },
  include: ["**/*"],
  exclude: ["node_modules", ".medusa", "src/admin"],
}

/** This repository's configuration, with the plugin in place of the module in `src/`. */
function storeConfig(): string {
  const config = readFileSync(join(repositoryRoot, "medusa-config.ts"), "utf8")
  // The list of modules ends before ours, and that of plugins begins.
  const changed = config.replace(
    /\{\s*resolve: "\.\/src\/modules\/erp"/,
    `],\n  plugins: [\n    { resolve: "${NAME}"`,
  )
  if (!changed.includes("plugins: [") || !changed.includes(`resolve: "${NAME}"`)) {
    throw new Error(
      "medusa-config.ts has changed its form: adapt scripts/pack-smoke/create-store.ts",
    )
  }
  return changed
}
