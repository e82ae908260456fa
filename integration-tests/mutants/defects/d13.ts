import { Defect } from "../defect"

export const d13: Defect = {
  id: "D13",
  mechanism: "a retry replays a stored payload over a newer value",
  breaks: ["I1", "I2", "I3", "I5", "I8"],
  seeds: 60,
  edits: [
    {
      file: "src/engine/dirty.ts",
      find: `const LEASE_MS = 30_000`,
      replace: `const payloads = new Map<string, ReadResult>()
const LEASE_MS = 30_000`,
    },
    {
      file: "src/engine/dirty.ts",
      find: `import { Lane } from "../connectors/contract"`,
      replace: `import { Lane, ReadResult } from "../connectors/contract"`,
    },
    {
      file: "src/engine/dirty.ts",
      find: `    const result = await connected.connector.read(stream, ids, { lane, signal })`,
      replace: `    const payload = context.owner + stream + ids.join()
    const result =
      payloads.get(payload) ?? (await connected.connector.read(stream, ids, { lane, signal }))
    payloads.set(payload, result)`,
    },
    {
      file: "src/engine/dirty.ts",
      find: `      context.ledger.finishDirty(tx, connected.id, keys, context.owner),
    )
  } catch`,
      replace: `      context.ledger.finishDirty(tx, connected.id, keys, context.owner),
    )
    payloads.delete(payload)
  } catch`,
    },
  ],
}
