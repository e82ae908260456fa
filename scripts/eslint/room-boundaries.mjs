import { dirname, relative, resolve, sep } from "node:path"
import { ROOMS } from "./rooms.mjs"

/** @type {import("eslint").Rule.RuleModule} */
export const roomBoundaries = {
  meta: {
    type: "problem",
    docs: { description: "keeps imports within what the table of rooms allows" },
    messages: {
      room: "{{room}} may not import {{target}}: see scripts/eslint/rooms.mjs",
      package: 'The package "{{target}}" does not belong in {{room}}: see scripts/eslint/rooms.mjs',
    },
    schema: [],
  },
  create(context) {
    const file = context.filename
    const rule = ROOMS.find(({ room }) => isInside(relativeToRoot(file), room))
    if (!rule || /(^|\/)__tests__\//.test(relativeToRoot(file))) return {}

    function relativeToRoot(path) {
      return relative(context.cwd, path).split(sep).join("/")
    }

    function check(node) {
      const source = node.source
      if (!source || typeof source.value !== "string") return
      const problem = judge(rule, source.value, (path) =>
        relativeToRoot(resolve(dirname(file), path)),
      )
      if (problem) context.report({ node: source, ...problem })
    }

    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    }
  },
}

function judge({ room, rooms, packages }, specifier, locate) {
  if (!specifier.startsWith(".")) {
    if (!packages || packages.test(specifier)) return undefined
    return { messageId: "package", data: { room, target: specifier } }
  }
  const target = locate(specifier)
  if ([room, ...rooms].some((allowed) => isInside(target, allowed))) return undefined
  return { messageId: "room", data: { room, target } }
}

function isInside(path, folder) {
  return path === folder || path.startsWith(`${folder}/`)
}
